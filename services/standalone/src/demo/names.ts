import type { Weighted } from './rng.ts';

/** Written form and the Latin form used in ids. */
export type Name = readonly [written: string, latin: string];

const pairs = (text: string): Name[] =>
  text
    .trim()
    .split(/\s+/)
    .map((pair) => {
      const [written = '', latin = ''] = pair.split('/');
      return [written, latin] as const;
    });

export const japaneseFamilies =
  pairs(`佐藤/sato 鈴木/suzuki 高橋/takahashi 田中/tanaka 伊藤/ito 渡辺/watanabe 山本/yamamoto
  中村/nakamura 小林/kobayashi 加藤/kato 吉田/yoshida 山田/yamada 佐々木/sasaki 山口/yamaguchi 松本/matsumoto 井上/inoue
  木村/kimura 林/hayashi 斎藤/saito 清水/shimizu 山崎/yamazaki 森/mori 池田/ikeda 橋本/hashimoto 阿部/abe 石川/ishikawa
  前田/maeda 藤田/fujita 小川/ogawa 岡田/okada 後藤/goto 長谷川/hasegawa 村上/murakami 近藤/kondo 石井/ishii 坂本/sakamoto`);

export const japaneseGivens =
  pairs(`翔太/shota 健一/kenichi 大輔/daisuke 直樹/naoki 拓也/takuya 誠/makoto 和也/kazuya 亮/ryo
  悠斗/yuto 蓮/ren 浩二/koji 学/manabu 美咲/misaki 陽子/yoko 愛/ai 彩/aya 由美子/yumiko 恵/megumi 真由美/mayumi 葵/aoi
  結衣/yui 麻衣/mai 香織/kaori 裕子/yuko 千尋/chihiro 薫/kaoru 優/yu 光/hikaru 智子/tomoko 遥/haruka`);

export const englishFamilies = pairs(`Miller/miller Novak/novak Rossi/rossi Larsen/larsen Dubois/dubois Schmidt/schmidt
  Okafor/okafor Silva/silva Garcia/garcia Brown/brown Walker/walker Hughes/hughes Jansen/jansen Kowalski/kowalski Patel/patel
  Cohen/cohen Murphy/murphy Andersen/andersen Costa/costa Fischer/fischer Reid/reid Nguyen/nguyen Lopez/lopez Bailey/bailey`);

export const englishGivens = pairs(`Anna/anna James/james Sofia/sofia Daniel/daniel Maria/maria Thomas/thomas Emma/emma
  Lucas/lucas Olivia/olivia Noah/noah Priya/priya David/david Ingrid/ingrid Pablo/pablo Grace/grace Oscar/oscar Ruth/ruth
  Felix/felix Clara/clara Samuel/samuel Nina/nina Victor/victor Alice/alice Henry/henry`);

export const japaneseCompanyHeads =
  pairs(`青葉/aoba 白波/shiranami 若草/wakakusa 朝霧/asagiri 星見/hoshimi 柳橋/yanagibashi
  霞丘/kasumigaoka 千歳野/chitoseno 雪代/yukishiro 桐生野/kiryuno 藤波/fujinami 月影/tsukikage 楓坂/kaedezaka 鶴見原/tsurumihara
  風早/kazahaya 夕凪/yunagi 清流/seiryu 浜木綿/hamayu 山吹台/yamabukidai 緑ヶ原/midorigahara 天野川/amanogawa 霧島台/kirishimadai
  花水木/hanamizuki 北斗野/hokutono 雲雀/hibari 水無瀬/minase 紅葉谷/momijidani 三日月/mikazuki 若狭野/wakasano 碧海/hekikai`);

export const englishCompanyHeads = pairs(`Alderbrook/alderbrook Bluefen/bluefen Cairnhill/cairnhill Dunmarsh/dunmarsh
  Elmstead/elmstead Fernholt/fernholt Greywater/greywater Harrowden/harrowden Ivorymoor/ivorymoor Juniperfield/juniperfield
  Kestrelby/kestrelby Larkmere/larkmere Mossgate/mossgate Nettlewick/nettlewick Oakhaven/oakhaven Pinecastle/pinecastle
  Quillford/quillford Rosedene/rosedene Stonebeck/stonebeck Thornleigh/thornleigh Umberdale/umberdale Wrenfield/wrenfield`);

/** Second half of a company's name by industry: Japanese, English, Latin form for ids. */
export const companyTails = {
  manufacturing: ['製作所', 'Works', 'works'],
  retail: ['商店', 'Stores', 'stores'],
  software: ['システムズ', 'Systems', 'systems'],
  finance: ['ファイナンス', 'Finance', 'finance'],
  healthcare: ['メディカル', 'Medical', 'medical'],
  logistics: ['物流', 'Logistics', 'logistics'],
} as const;

export const cancelReasons: readonly Weighted<string>[] = [
  ['price', 30],
  ['missing feature', 25],
  ['low usage', 20],
  ['competitor', 15],
  ['reorganisation', 10],
];

export const opportunityReasons: readonly Weighted<string>[] = [
  ['no budget', 34],
  ['competitor', 26],
  ['timing', 24],
  ['price', 16],
];
