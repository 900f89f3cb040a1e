// Words of the guided tour.
export interface Day {
  town: string;
  vans: string;
  served: string;
  requests: string;
  wait: string;
  shared: string;
  cost: string;
}

export const tour = {
  open: 'Show me around',
  end: 'End the tour',
  back: 'Back',
  next: 'Next',
  done: 'Done',
  place: (at: string, all: string) => `${at} of ${all}`,
  steps: {
    watch: {
      heading: 'A day, call by call',
      text: ({ town, vans, requests }: Day) =>
        `On this day ${requests} people or parties in ${town} ask for a ride, and ${vans} vans come for them. Each mark on the map is a van; pins are riders who wait.`,
      act: 'Play the day',
      pause: 'Pause',
    },
    supervisors: {
      heading: 'Nobody at the wheel',
      text: ({ supervisors, served, requests, wait }: Day & { supervisors: string }) =>
        `Vans without drivers are watched from afar. With ${supervisors} supervisors, ${served} of ${requests} calls are served, waiting ${wait} on average.`,
      act: 'One supervisor less',
    },
    fewer: {
      heading: 'How many vans does it take?',
      text: ({ vans, served, requests, wait }: Day) =>
        `With ${vans} vans, ${served} of ${requests} calls are served, and riders wait ${wait} on average. Take one away, and look what it does to people.`,
      act: 'One van less',
    },
    sharing: {
      heading: 'Riding together',
      text: ({ shared, served, requests, wait }: Day) =>
        `${shared} of the rides are shared with somebody on the way; ${served} of ${requests} calls are served, waiting ${wait}. What if every party rode alone?`,
      act: 'Everybody alone',
      together: 'Share again',
    },
    energy: {
      heading: 'Batteries on wheels',
      text: ({ total }: Day & { total: string }) =>
        `Parked vans are part of the depot’s electricity: ${total} for this day. Charge when it is cheapest, and see the bill without a rider noticing.`,
      act: 'Charge at the least cost',
    },
    grown: {
      heading: 'A larger service',
      text: ({ vans, requests, served }: Day) => `Today ${vans} vans serve ${served} of ${requests} calls. What if the service grew?`,
      act: 'Let it grow',
    },
    bus: {
      heading: 'Better than the bus?',
      text: ({ cost }: Day) =>
        `A ride costs ${cost} on this day. One day may be luck: let the bus and the vans live through the same five days, and see which differences are more than that.`,
      act: 'Compare on five days',
    },
    carry: {
      heading: 'Take it with you',
      text: ({ town }: Day) => `A link, a printed report or files: ${town}’s day, as you have set it, for those who decide. Nothing is uploaded.`,
      act: 'Share, save or print',
    },
  },
};
