// 申し込みのたびに、どの車に乗せるかを答えます。これは「相乗りする」と同じ
// 決め方で、すべての車の計画のうち、費用がいちばん小さい場所を選びます。
// placesにある場所は、約束をすべて守れます。選ばれなかった人は断られます。
const WAITING = 0.5; // 待つ1秒は、運転の何秒にあたるか
const RIDING = 0.5; // 直行より長く乗る1秒は、運転の何秒にあたるか

function cost(place, request) {
  const waiting = place.pickup_s - request.earliest_s;
  const detour = place.dropoff_s - place.pickup_s - request.dwell_s - request.direct_s;
  return place.added_drive_s + WAITING * waiting + RIDING * detour;
}

function decide(snapshot, town) {
  const assignments = [];
  for (const request of snapshot.requests) {
    let best;
    for (const place of request.places) {
      if (!best || cost(place, request) < cost(best, request)) best = place;
    }
    if (best) assignments.push(best);
  }
  return assignments;
}
