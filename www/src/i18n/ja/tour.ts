// 案内の言葉。
import type { tour as en } from '../en/tour';

export const tour: typeof en = {
  open: '案内を見る',
  end: '案内を終える',
  back: '戻る',
  next: '次へ',
  done: '終わる',
  place: (at, all) => `${at} / ${all}`,
  steps: {
    watch: {
      heading: '一日を、呼ばれるたびに',
      text: ({ town, vans, requests }) =>
        `この日、${town}では${requests}件の申し込みがあり、${vans}台の車が迎えに行きます。地図の印が車、ピンが待っている人です。`,
      act: '一日を再生する',
      pause: '止める',
    },
    supervisors: {
      heading: '運転席に人がいない車',
      text: ({ supervisors, served, requests, wait }) =>
        `運転手のいない車を、離れた場所から見守ります。監視員${supervisors}人で、${requests}件のうち${served}件に応じ、待ち時間は平均${wait}です。`,
      act: '監視員を一人減らす',
    },
    fewer: {
      heading: '車は何台いるか',
      text: ({ vans, served, requests, wait }) =>
        `${vans}台で${requests}件のうち${served}件に応じ、待ち時間は平均${wait}です。一台減らすと、人の暮らしはどう変わるでしょう。`,
      act: '一台減らす',
    },
    sharing: {
      heading: '乗り合うということ',
      text: ({ shared, served, requests, wait }) =>
        `${shared}の乗車が、途中でほかの人と一緒です。${requests}件のうち${served}件に応じ、待ち時間は平均${wait}。一組ずつ運ぶとどうなるでしょう。`,
      act: '一組ずつ運ぶ',
      together: '相乗りに戻す',
    },
    energy: {
      heading: '車輪のついた電池',
      text: ({ total }) =>
        `停まっている車は拠点の電気の一部で、この日の費用は${total}です。乗る人に気づかれずに、いちばん安い時に充電してみましょう。`,
      act: 'いちばん安く充電する',
    },
    grown: {
      heading: '広げた運行',
      text: ({ vans, requests, served }) => `今は${vans}台で${requests}件のうち${served}件に応じています。運行を広げるとどうなるでしょう。`,
      act: '広げてみる',
    },
    bus: {
      heading: 'バスより良いか',
      text: ({ cost }) =>
        `この日は一乗車に${cost}かかりました。一日だけなら偶然かもしれません。バスと乗合車に同じ五日間を走らせ、偶然とはいえない差を見ます。`,
      act: '五日間で比べる',
    },
    carry: {
      heading: '持ち帰る',
      text: ({ town }) => `リンク、印刷した報告書、ファイル。いま設定した${town}の一日を、決める人のもとへ。どこにも送信されません。`,
      act: '共有・保存・印刷',
    },
  },
};
