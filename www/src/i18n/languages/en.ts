import { en } from '../en';
import type { Language } from '../language';

const english: Language = {
  locale: 'en-GB',
  texts: 'en',
  unitSpace: ' ',
  units: { s: 'min', h: 'h', yen: 'yen', yen_per_kwh: 'yen/kWh', riders: 'riders', times: '×', points: 'pt', celsius: '°C' },
  money(yen, number) {
    const size = Math.abs(yen);
    return size >= 1e6 ? `${number(yen / 1e6, size < 1e7 ? 2 : 1)} million yen` : `${number(yen)} yen`;
  },
  comma: ', ',
  sentenceSpace: ' ',
  listed(names) {
    const words = names.map((name, index) => (index === 0 ? name : name.charAt(0).toLowerCase() + name.slice(1)));
    return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
  },
  words: en,
};

export default english;
