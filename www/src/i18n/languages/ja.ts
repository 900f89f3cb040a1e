import { ja } from '../ja';
import type { Language } from '../language';

const japanese: Language = {
  locale: 'ja-JP',
  texts: 'ja',
  unitSpace: '',
  units: { s: '分', h: '時間', yen: '円', yen_per_kwh: '円/kWh', riders: '人', times: '倍', points: 'ポイント', celsius: '℃' },
  money: (yen, number) => (Math.abs(yen) >= 1e4 ? `${number(yen / 1e4)}万円` : `${number(yen)}円`),
  comma: '、',
  sentenceSpace: '',
  listed: (names) => names.join('と'),
  words: ja,
};

export default japanese;
