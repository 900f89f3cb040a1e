// Makes namie.json: Namie, Fukushima, as a scenario, modelled and not surveyed.
//
//     node namie.mjs            writes namie.json beside this file
//     node namie.mjs --check    exits 1 if namie.json is not what this file makes
//
// Places whose position is public are drawn where they are. Roads, rivers and coast are drawn by hand from a few
// points each; streets, woods and built-up areas are grown from a fixed seed. The same file always gives the same town.
// Everything is computed in metres east and north of the centre and written in degrees.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const TARIFFS = JSON.parse(readFileSync(new URL('../tariffs.json', import.meta.url), 'utf8'));

const METERS_PER_DEGREE = 111195.08;
const CENTER = [140.996, 37.4939];
const EAST = METERS_PER_DEGREE * Math.cos((CENTER[1] * Math.PI) / 180);

// ---------------------------------------------------------------------------------------------------------------------
// The town: what is drawn by hand. Points are [lng, lat].

/** Main roads, curves through these points. An end near an earlier road joins it, unless the road is `open`. */
const ROADS = [
  // National Route 6, north to south.
  { class: 'trunk', open: true, points: [
    [140.9795, 37.66], [140.983, 37.62], [140.9885, 37.59], [140.9925, 37.57], [140.9935, 37.551],
    [140.9968, 37.536], [140.9946, 37.521], [140.9966, 37.5085], [140.9991, 37.5008], [140.99985, 37.4946],
    [140.9992, 37.488], [140.9997, 37.4815], [141.0018, 37.472], [141.0002, 37.460], [141.0032, 37.444],
    [141.004, 37.42], [141.0065, 37.37],
  ] },
  // National Route 114, from Route 6 over the railway, past the interchange, up the valley of the Ukedo to Tsushima.
  { class: 'trunk', winding: true, points: [
    [140.9999, 37.4967], [140.9960, 37.4974], [140.9912, 37.4986], [140.9850, 37.4991], [140.9780, 37.4982],
    [140.9700, 37.4990], [140.9620, 37.5003], [140.9560, 37.4998], [140.9500, 37.4984], [140.9440, 37.4949],
    [140.9390, 37.4925], [140.9320, 37.4916], [140.9255, 37.4926], [140.9215, 37.4958], [140.9160, 37.4976],
    [140.9110, 37.4956], [140.9065, 37.4947], [140.9020, 37.4972], [140.8985, 37.5000], [140.8925, 37.4988],
    [140.8880, 37.5006], [140.8850, 37.5034], [140.8800, 37.5030], [140.8755, 37.5052], [140.8735, 37.5090],
    [140.8690, 37.5112], [140.8640, 37.5126], [140.8610, 37.5163], [140.8570, 37.5170], [140.8520, 37.5172],
    [140.8500, 37.5215], [140.8468, 37.5256], [140.8420, 37.5268], [140.8395, 37.5300], [140.8345, 37.5306],
    [140.8310, 37.5342], [140.8300, 37.5382], [140.8258, 37.5392], [140.8215, 37.5407], [140.8180, 37.5405],
    [140.8140, 37.5424], [140.8112, 37.5466], [140.8065, 37.5486], [140.8040, 37.5518], [140.7990, 37.5540],
    [140.7945, 37.5561], [140.7895, 37.5552], [140.7840, 37.5541], [140.7790, 37.5538], [140.7745, 37.5546],
    [140.7700, 37.5570], [140.7640, 37.5583], [140.7600, 37.5602], [140.7553, 37.5608], [140.7490, 37.5632],
    [140.7440, 37.5670], [140.7360, 37.5690], [140.7280, 37.5730], [140.7150, 37.5745], [140.7000, 37.5820],
    [140.6600, 37.5950],
  ] },
  // National Route 459, from Tsushima to the south-west.
  { class: 'trunk', points: [
    [140.7553, 37.5608], [140.7500, 37.5570], [140.7435, 37.5545], [140.7380, 37.5500], [140.7290, 37.5480],
    [140.7220, 37.5430], [140.7100, 37.5415], [140.6950, 37.5350], [140.6600, 37.5300],
  ] },
  // To Ukedo.
  { class: 'primary', points: [
    [140.9995, 37.4906], [141.0045, 37.4903], [141.0095, 37.4893], [141.0140, 37.4879], [141.0180, 37.4866],
    [141.0215, 37.4844], [141.0260, 37.4825], [141.0310, 37.4818], [141.0355, 37.4812], [141.0398, 37.4815],
    [141.0417, 37.4814],
  ] },
  // Coastal road, south to north.
  { class: 'primary', open: true, points: [
    [141.0245, 37.37], [141.0230, 37.42], [141.0260, 37.4450], [141.0300, 37.4600], [141.0322, 37.4705],
    [141.0345, 37.4766], [141.0354, 37.4812], [141.0345, 37.4868], [141.0322, 37.4925], [141.0302, 37.5000],
    [141.0272, 37.5080], [141.0252, 37.5160], [141.0251, 37.5260], [141.0232, 37.5350], [141.0236, 37.5415],
    [141.0215, 37.5520], [141.0165, 37.5660], [141.0100, 37.5860], [141.0010, 37.6200], [140.9950, 37.66],
  ] },
  // Kiyohashi to Tanashio, and the bridge from the town hall.
  { class: 'primary', points: [
    [140.9977, 37.5053], [141.0030, 37.5046], [141.0090, 37.5052], [141.0140, 37.5081], [141.0180, 37.5118],
    [141.0225, 37.5147], [141.0252, 37.5160],
  ] },
  { class: 'secondary', points: [
    [140.9999, 37.4950], [141.0007, 37.49485], [141.0040, 37.4956], [141.0064, 37.4981], [141.0075, 37.5012],
    [141.0082, 37.5051],
  ] },
  // Fujihashi, and the northern road to the hydrogen field.
  { class: 'secondary', points: [
    [140.9950, 37.5155], [141.0000, 37.5164], [141.0070, 37.5155], [141.0125, 37.5118], [141.0150, 37.5090],
  ] },
  { class: 'primary', points: [
    [140.9957, 37.5300], [141.0010, 37.5292], [141.0070, 37.5306], [141.0130, 37.5343], [141.0180, 37.5357],
    [141.0233, 37.5362],
  ] },
  // North bank of the Ukedo: Nishidai, Kariyado, Tatsuno, and round to Murohara.
  { class: 'primary', points: [
    [140.9968, 37.5080], [140.9900, 37.5066], [140.9835, 37.5076], [140.9760, 37.5098], [140.9660, 37.5112],
    [140.9580, 37.5141], [140.9480, 37.5139], [140.9410, 37.5110], [140.9385, 37.5060], [140.9372, 37.4990],
    [140.9375, 37.4922],
  ] },
  { class: 'secondary', points: [[140.9843, 37.4991], [140.9852, 37.5025], [140.9840, 37.5074]] },
  { class: 'secondary', points: [[140.9628, 37.5002], [140.9640, 37.5050], [140.9652, 37.5112]] },
  // Soma road, inland to the north, and Iwaki road to the south.
  { class: 'primary', points: [
    [140.9652, 37.5112], [140.9635, 37.5180], [140.9600, 37.5280], [140.9605, 37.5400], [140.9570, 37.5520],
    [140.9585, 37.5680], [140.9540, 37.5900], [140.9560, 37.66],
  ] },
  // Kawazoe, Tajiri, Sakai, Ide, Omaru.
  { class: 'primary', points: [
    [140.9993, 37.4889], [140.9950, 37.4891], [140.9912, 37.4899], [140.9868, 37.4908], [140.9820, 37.4900],
    [140.9770, 37.4881], [140.9700, 37.4868], [140.9640, 37.4846], [140.9570, 37.4838], [140.9500, 37.4828],
    [140.9430, 37.4822], [140.9370, 37.4806], [140.9310, 37.4770], [140.9225, 37.4738], [140.9150, 37.4725],
    [140.9080, 37.4690], [140.9000, 37.4685], [140.8900, 37.4655], [140.8780, 37.4620], [140.8660, 37.4615],
    [140.8540, 37.4645], [140.8400, 37.4635],
  ] },
  { class: 'primary', points: [
    [140.9500, 37.4828], [140.9478, 37.4770], [140.9500, 37.4680], [140.9480, 37.4580], [140.9530, 37.4400],
    [140.9560, 37.37],
  ] },
  { class: 'secondary', points: [[140.9370, 37.4806], [140.9345, 37.4850], [140.9318, 37.4880], [140.9330, 37.4915]] },
  { class: 'secondary', points: [[140.9640, 37.4846], [140.9655, 37.4890], [140.9640, 37.4940], [140.9620, 37.5003]] },
  // Takase, and the old road south over the Takase river.
  { class: 'secondary', points: [
    [140.9998, 37.4776], [140.9930, 37.4766], [140.9850, 37.4762], [140.9770, 37.4778], [140.9725, 37.4812],
    [140.9705, 37.4868],
  ] },
  { class: 'secondary', points: [
    [140.9948, 37.4975], [140.9943, 37.4937], [140.9950, 37.4890], [140.9962, 37.4850], [140.9960, 37.4806],
    [140.9940, 37.4768],
  ] },
  // Ohirayama, on the hill towards the coast.
  { class: 'secondary', points: [
    [141.0011, 37.4752], [141.0060, 37.4757], [141.0120, 37.4748], [141.0180, 37.4764], [141.0250, 37.4758],
    [141.0342, 37.4766],
  ] },
  // Ushiwata.
  { class: 'secondary', points: [[140.9992, 37.4866], [141.0040, 37.4868], [141.0100, 37.4858], [141.0150, 37.4876]] },
  // Onoda and Sakata.
  { class: 'secondary', points: [
    [140.9800, 37.5086], [140.9788, 37.5140], [140.9815, 37.5200], [140.9860, 37.5240], [140.9905, 37.5290],
    [140.9962, 37.5340],
  ] },
  { class: 'secondary', points: [[140.9950, 37.5175], [140.9890, 37.5172], [140.9840, 37.5160], [140.9788, 37.5145]] },
  // Streets of the centre that carry names: station street, the street by the roadside station, the western crossing.
  { class: 'secondary', points: [
    [140.9914, 37.4939], [140.9943, 37.4937], [140.9985, 37.4940], [140.9998, 37.4939], [141.0013, 37.4935],
    [141.0050, 37.4926], [141.0092, 37.4894],
  ] },
  { class: 'secondary', points: [[141.0007, 37.49485], [141.0013, 37.4935], [141.0018, 37.4905]] },
  { class: 'secondary', points: [[140.9866, 37.4990], [140.9868, 37.4950], [140.9866, 37.4908]] },
  { class: 'secondary', points: [[140.9914, 37.4939], [140.9917, 37.4962], [140.9921, 37.4984]] },
];

/** Lanes between hamlets, through fields and over low hills; both ends join a main road or another lane. */
const LANES = [
  [[140.9978, 37.5056], [140.9988, 37.5090], [140.9982, 37.5125], [140.9998, 37.5164]],
  [[141.0195, 37.5130], [141.0228, 37.5085], [141.0240, 37.5050], [141.0291, 37.5030]],
  [[141.0088, 37.5052], [141.0150, 37.5033], [141.0220, 37.5024], [141.0240, 37.5050]],
  [[141.0150, 37.5033], [141.0172, 37.4985], [141.0235, 37.4942], [141.0320, 37.4930]],
  [[141.0092, 37.4894], [141.0128, 37.4917], [141.0175, 37.4910], [141.0222, 37.4880], [141.0185, 37.4865]],
  [[141.0130, 37.5343], [141.0118, 37.5420], [141.0135, 37.5500], [141.0192, 37.5585]],
  [[141.0070, 37.5155], [141.0088, 37.5215], [141.0064, 37.5262], [141.0075, 37.5308]],
  [[141.0185, 37.5120], [141.0166, 37.5180], [141.0192, 37.5260], [141.0247, 37.5290]],
  [[140.9940, 37.5472], [140.9865, 37.5452], [140.9785, 37.5400], [140.9700, 37.5408], [140.9606, 37.5390]],
  [[140.9812, 37.5198], [140.9745, 37.5235], [140.9688, 37.5255], [140.9603, 37.5270]],
  [[140.9670, 37.5110], [140.9705, 37.5170], [140.9745, 37.5235]],
  [
    [140.9470, 37.5139], [140.9440, 37.5200], [140.9395, 37.5255], [140.9300, 37.5300], [140.9190, 37.5290],
    [140.9080, 37.5345], [140.8960, 37.5340], [140.8850, 37.5420], [140.8720, 37.5460], [140.8600, 37.5560],
    [140.8440, 37.5540], [140.8300, 37.5610], [140.8170, 37.5580], [140.8075, 37.5485],
  ],
  [[140.9692, 37.4867], [140.9715, 37.4905], [140.9708, 37.4945], [140.9698, 37.4990]],
  [[140.9867, 37.4949], [140.9810, 37.4960], [140.9760, 37.4958], [140.9709, 37.4945]],
  [[140.9850, 37.4762], [140.9828, 37.4700], [140.9880, 37.4625], [141.0002, 37.4590]],
  [[140.9765, 37.4780], [140.9690, 37.4738], [140.9600, 37.4748], [140.9480, 37.4745]],
  [[141.0100, 37.4858], [141.0108, 37.4805], [141.0120, 37.4748]],
  [[141.0185, 37.4766], [141.0236, 37.4798], [141.0260, 37.4825]],
  [[141.0120, 37.4748], [141.0142, 37.4690], [141.0210, 37.4645], [141.0302, 37.4610]],
  [[140.9520, 37.4831], [140.9496, 37.4890], [140.9450, 37.4957]],
  [[141.0352, 37.4811], [141.0386, 37.4785], [141.0368, 37.4742], [141.0330, 37.4735]],
  [[140.7553, 37.5608], [140.7575, 37.5660], [140.7560, 37.5720], [140.7610, 37.5790]],
  [[140.7790, 37.5539], [140.7770, 37.5480], [140.7700, 37.5450], [140.7600, 37.5430], [140.7480, 37.5563]],
  [[141.0038, 37.5046], [141.0050, 37.5088], [141.0046, 37.5125], [141.0062, 37.5157]],
].map((points) => ({ class: 'residential', points }));

/** The expressway crosses all others on bridges; its ramps meet the road of the toll gate. */
const INTERCHANGE = [140.953, 37.502];
const EXPRESSWAY = [
  { class: 'motorway', points: [
    [140.9450, 37.66], [140.9470, 37.60], [140.9520, 37.56], [140.9500, 37.53], [140.9535, 37.515],
    [140.9560, 37.5045], [140.9563, 37.4975], [140.9545, 37.4900], [140.9515, 37.478], [140.9545, 37.46],
    [140.9590, 37.43], [140.9600, 37.37],
  ] },
  { class: 'secondary', points: [INTERCHANGE, [140.9541, 37.5024], [140.9551, 37.5040], [140.9549, 37.5082]] },
  { class: 'secondary', points: [INTERCHANGE, [140.9541, 37.5016], [140.9552, 37.5000], [140.9559, 37.4960]] },
];
const TOLL_ROAD = { class: 'secondary', points: [INTERCHANGE, [140.9521, 37.5010], [140.9518, 37.4989]] };

const RIVERS = [
  {
    ja: '請戸川', en: 'Ukedo River', valley: 420,
    points: [
      [140.6600, 37.600], [140.7000, 37.5865], [140.7150, 37.5785], [140.7350, 37.5735], [140.7450, 37.5700],
      [140.7560, 37.5648], [140.7640, 37.5615], [140.7720, 37.5578], [140.7800, 37.5560], [140.7900, 37.5575],
      [140.7985, 37.5556], [140.8050, 37.5530], [140.8100, 37.5490], [140.8160, 37.5440], [140.8230, 37.5420],
      [140.8310, 37.5402], [140.8330, 37.5335], [140.8400, 37.5315], [140.8450, 37.5285], [140.8500, 37.5240],
      [140.8530, 37.5190], [140.8600, 37.5188], [140.8640, 37.5150], [140.8700, 37.5130], [140.8745, 37.5100],
      [140.8770, 37.5070], [140.8830, 37.5060], [140.8890, 37.5045], [140.8960, 37.5035], [140.9030, 37.4990],
      [140.9080, 37.4968], [140.9130, 37.4992], [140.9190, 37.4985], [140.9235, 37.4950], [140.9300, 37.4945],
      [140.9370, 37.4968], [140.9420, 37.5000], [140.9455, 37.5055], [140.9510, 37.5098], [140.9580, 37.5092],
      [140.9640, 37.5060], [140.9710, 37.5038], [140.9780, 37.5049], [140.9845, 37.5020], [140.9910, 37.5030],
      [140.9985, 37.5014], [141.0040, 37.5001], [141.0078, 37.4985], [141.0120, 37.4947], [141.0170, 37.4937],
      [141.0215, 37.4905], [141.0270, 37.4882], [141.0340, 37.4871], [141.0374, 37.4864],
    ],
  },
  {
    ja: '高瀬川', en: 'Takase River', valley: 300,
    points: [
      [140.7700, 37.4850], [140.7900, 37.4720], [140.8100, 37.4700], [140.8350, 37.4610], [140.8550, 37.4620],
      [140.8700, 37.4580], [140.8850, 37.4615], [140.8960, 37.4648], [140.9050, 37.4655], [140.9130, 37.4700],
      [140.9220, 37.4712], [140.9300, 37.4742], [140.9380, 37.4781], [140.9450, 37.4790], [140.9520, 37.4800],
      [140.9600, 37.4808], [140.9660, 37.4832], [140.9720, 37.4828], [140.9780, 37.4806], [140.9850, 37.4818],
      [140.9930, 37.4802], [140.9997, 37.4822], [141.0060, 37.4828], [141.0120, 37.4841], [141.0190, 37.4850],
      [141.0240, 37.4868], [141.0275, 37.4881],
    ],
  },
  ...[
    [
      [140.7200, 37.5080], [140.7330, 37.5220], [140.7420, 37.5350], [140.7500, 37.5480], [140.7540, 37.5560],
      [140.7585, 37.5638],
    ],
    [[140.7700, 37.6300], [140.7680, 37.6050], [140.7600, 37.5900], [140.7585, 37.5760], [140.7560, 37.5648]],
    [[140.8150, 37.6150], [140.8180, 37.5900], [140.8085, 37.5700], [140.8070, 37.5517]],
    [[140.8250, 37.4930], [140.8380, 37.5050], [140.8490, 37.5110], [140.8530, 37.5190]],
    [[140.8700, 37.5650], [140.8720, 37.5450], [140.8660, 37.5320], [140.8690, 37.5220], [140.8700, 37.5130]],
    [[140.8450, 37.4900], [140.8620, 37.4820], [140.8800, 37.4745], [140.8960, 37.4648]],
    [[140.8600, 37.4150], [140.8800, 37.4350], [140.8950, 37.4480], [140.9050, 37.4655]],
    [
      [140.8850, 37.5900], [140.9150, 37.5750], [140.9350, 37.5800], [140.9650, 37.5745], [140.9850, 37.5830],
      [141.0000, 37.5775], [141.0255, 37.5790],
    ],
    [
      [140.8800, 37.3950], [140.9200, 37.4150], [140.9550, 37.4260], [140.9850, 37.4330], [141.0200, 37.4275],
      [141.0357, 37.4300],
    ],
  ].map((points) => ({ ja: '', en: '', valley: 260, points })),
  {
    ja: '', en: '', valley: 200,
    points: [
      [140.9080, 37.5600], [140.9250, 37.5480], [140.9400, 37.5420], [140.9530, 37.5370], [140.9680, 37.5340],
      [140.9780, 37.5275], [140.9920, 37.5225], [141.0030, 37.5235], [141.0130, 37.5205], [141.0230, 37.5192],
      [141.0372, 37.5200],
    ],
  },
];

const RAILWAY = [
  [140.9800, 37.66], [140.9850, 37.62], [140.9890, 37.59], [140.9898, 37.57], [140.9880, 37.55], [140.9905, 37.53],
  [140.9893, 37.515], [140.9902, 37.505], [140.99085, 37.4950], [140.99095, 37.4925], [140.9917, 37.485],
  [140.9942, 37.4735], [140.9972, 37.460], [140.9990, 37.44], [141.0010, 37.42], [141.0030, 37.37],
];

/** Coast from south to north; the middle part is the harbour of Ukedo and the river's mouth, ruled by hand. */
const COAST_SOUTH = [
  [141.0300, 37.37], [141.0335, 37.40], [141.0352, 37.425], [141.0372, 37.445], [141.0392, 37.460],
  [141.0398, 37.4700], [141.0413, 37.4765], [141.0424, 37.4792],
];
const HARBOUR = [
  [141.0442, 37.4789], [141.0470, 37.4798], [141.0481, 37.4813], [141.0478, 37.4815], [141.0467, 37.4802],
  [141.0442, 37.4794], [141.0428, 37.4798], [141.0428, 37.4812], [141.0448, 37.48125], [141.0448, 37.4815],
  [141.0428, 37.48148], [141.0428, 37.4827], [141.0446, 37.4828], [141.0446, 37.48305], [141.0428, 37.48295],
  [141.0430, 37.4841], [141.0452, 37.4845], [141.0481, 37.4837], [141.0497, 37.4821], [141.05, 37.4823],
  [141.0484, 37.4840], [141.0452, 37.4849], [141.0426, 37.48535], [141.0405, 37.48565], [141.0372, 37.48625],
  [141.0372, 37.48655], [141.0402, 37.48635], [141.0420, 37.4868],
];
const COAST_NORTH = [
  [141.0420, 37.4868], [141.0413, 37.4900], [141.0400, 37.4945], [141.0394, 37.5000], [141.0380, 37.5060],
  [141.0378, 37.5130], [141.0366, 37.5190], [141.0368, 37.5250], [141.0350, 37.5330], [141.0345, 37.5430],
  [141.0322, 37.5530], [141.0290, 37.5660], [141.0225, 37.5880], [141.0140, 37.6150], [141.0080, 37.66],
];
const FAR_SEA = [
  [140.985, 37.75], [140.95, 37.90], [140.925, 38.02], [140.95, 38.20], [141.10, 38.33], [141.60, 38.40],
  [143.5, 38.4], [143.5, 36.3], [140.60, 36.3], [140.78, 36.80], [140.93, 36.96], [140.99, 37.12], [141.01, 37.25],
];

const RESERVOIR = {
  ja: '大柿ダム', en: 'Ogaki Dam',
  points: [
    [140.8975, 37.5040], [140.8940, 37.5052], [140.8910, 37.5046], [140.8880, 37.5060], [140.8850, 37.5078],
    [140.8825, 37.5064], [140.8790, 37.5078], [140.8768, 37.5098], [140.8752, 37.5088], [140.8772, 37.5064],
    [140.8812, 37.5050], [140.8850, 37.5047], [140.8895, 37.5030], [140.8935, 37.5022], [140.8962, 37.5026],
  ],
};
/** Low wooded hills of the plain: [lng, lat, radius in metres]. */
const HILLS = [
  [141.0040, 37.5215, 900], [141.0140, 37.5265, 800], [141.0050, 37.5390, 1100], [141.0170, 37.5460, 800], [140.9850, 37.5330, 900],
  [140.9880, 37.5120, 500], [140.9720, 37.5160, 800], [141.0110, 37.4700, 900], [141.0215, 37.4735, 700], [140.9860, 37.4690, 900],
  [140.9750, 37.4920, 500], [141.0200, 37.4640, 800], [140.9720, 37.4720, 700], [141.0130, 37.5140, 450], [140.9800, 37.5430, 1000],
  [140.9890, 37.5560, 900], [141.0050, 37.5560, 1000], [140.9930, 37.4640, 600], [141.0080, 37.4560, 1000], [141.0220, 37.5210, 350],
];
/** Ponds that water the paddies: [lng, lat, radius in metres]. */
const PONDS = [
  [140.9745, 37.4935, 95], [140.9835, 37.5135, 80], [141.0092, 37.5262, 110], [140.9690, 37.5215, 120],
  [141.0170, 37.4702, 90], [140.9858, 37.4712, 100], [140.9560, 37.4890, 70], [140.9710, 37.4762, 75],
];

/** Districts of the centre: streets are grown inside; `angle` in degrees, `step` the distance between streets in metres. */
const DISTRICTS = [
  { ja: '権現堂', en: 'Gongendo', angle: -5, step: [92, 140], outline: [
    [140.9913, 37.4985], [140.9990, 37.4968], [140.9993, 37.4852], [140.9920, 37.4850],
  ] },
  { ja: '川添', en: 'Kawazoe', angle: 11, step: [118, 175], outline: [
    [140.9810, 37.4990], [140.9903, 37.4988], [140.9910, 37.4900], [140.9880, 37.4885], [140.9800, 37.4893],
  ] },
  { ja: '幾世橋', en: 'Kiyohashi', angle: 17, step: [116, 175], outline: [
    [141.0002, 37.4985], [141.0058, 37.4985], [141.0072, 37.4925], [141.0060, 37.4872], [140.9998, 37.4872],
  ] },
  { ja: '権現堂', en: 'Gongendo', angle: 3, step: [125, 180], outline: [
    [140.9862, 37.5012], [140.9983, 37.5004], [140.9992, 37.4974], [140.9920, 37.4990], [140.9862, 37.4995],
  ] },
];

/** Hamlets: streets within `radius` metres, `stops` virtual stops beside the named ones. */
const HAMLETS = [
  { ja: '幾世橋', en: 'Kiyohashi', at: [141.0088, 37.5035], radius: 420, angle: 8, stops: 4 },
  { ja: '北幾世橋', en: 'Kita-Kiyohashi', at: [141.0055, 37.5088], radius: 350, angle: -12, stops: 2 },
  { ja: '棚塩', en: 'Tanashio', at: [141.0195, 37.5138], radius: 330, angle: 30, stops: 2 },
  { ja: '藤橋', en: 'Fujihashi', at: [140.9990, 37.5118], radius: 330, angle: 12, stops: 2 },
  { ja: '西台', en: 'Nishidai', at: [140.9868, 37.5062], radius: 360, angle: -8, stops: 3 },
  { ja: '小野田', en: 'Onoda', at: [140.9762, 37.5108], radius: 280, angle: -20, stops: 1 },
  { ja: '酒田', en: 'Sakata', at: [140.9835, 37.5182], radius: 340, angle: 12, stops: 1 },
  { ja: '苅宿', en: 'Kariyado', at: [140.9640, 37.5125], radius: 380, angle: -14, stops: 3 },
  { ja: '加倉', en: 'Kakura', at: [140.9695, 37.4998], radius: 290, angle: 10, stops: 1 },
  { ja: '立野', en: 'Tatsuno', at: [140.9470, 37.5135], radius: 340, angle: 5, stops: 2 },
  { ja: '室原', en: 'Murohara', at: [140.9390, 37.4932], radius: 380, angle: 30, stops: 3 },
  { ja: '末森', en: 'Suenomori', at: [140.9325, 37.4872], radius: 260, angle: -25, stops: 2 },
  { ja: '大堀', en: 'Obori', at: [140.9420, 37.4832], radius: 250, angle: 8, stops: 1 },
  { ja: '酒井', en: 'Sakai', at: [140.9528, 37.4838], radius: 260, angle: 5, stops: 1 },
  { ja: '田尻', en: 'Tajiri', at: [140.9688, 37.4876], radius: 280, angle: 15, stops: 1 },
  { ja: '小丸', en: 'Omaru', at: [140.9230, 37.4742], radius: 240, angle: 22, stops: 1 },
  { ja: '高瀬', en: 'Takase', at: [140.9890, 37.4766], radius: 380, angle: 6, stops: 3 },
  { ja: '牛渡', en: 'Ushiwata', at: [141.0085, 37.4872], radius: 330, angle: 10, stops: 2 },
  { ja: '樋渡', en: 'Hiwatashi', at: [140.9948, 37.4840], radius: 290, angle: -6, stops: 2 },
  { ja: '請戸', en: 'Ukedo', at: [141.0368, 37.4805], label: [141.0330, 37.4842], radius: 300, angle: -8, stops: 1 },
  { ja: '赤宇木', en: 'Akogi', at: [140.8062, 37.5492], radius: 280, angle: 40, step: [130, 200], gaps: 0.25, stops: 1 },
  { ja: '下津島', en: 'Shimo-Tsushima', at: [140.7790, 37.5537], radius: 320, angle: 5, step: [130, 200], gaps: 0.25, stops: 1 },
  { ja: '津島', en: 'Tsushima', at: [140.7570, 37.5606], radius: 480, angle: 24, step: [120, 190], gaps: 0.2, stops: 3 },
  { ja: '昼曽根', en: 'Hirusone', at: [140.8478, 37.5235], radius: 220, angle: 35, step: [120, 190], gaps: 0.25, stops: 1 },
];

/** Named stops: [id, Japanese, English, lng, lat, category, weight]. */
const NAMED_STOPS = [
  ['station', '浪江駅', 'Namie Station', 140.9914, 37.4939, 'station', 1],
  ['aeon', 'イオン浪江店', 'AEON Namie', 140.9985, 37.4940, 'shop', 1],
  ['townhall', '浪江町役場', 'Namie Town Hall', 141.0007, 37.4947, 'office', 1.5],
  ['michinoeki', '道の駅なみえ', 'Michi-no-Eki Namie', 141.0013, 37.4932, 'leisure', 2],
  ['clinic', '浪江診療所', 'Namie Clinic', 141.0016, 37.4953, 'clinic', 1],
  ['school', 'なみえ創成小学校・中学校', 'Namie Sosei School', 141.0044, 37.4968, 'school', 1],
  ['kodomoen', '浪江にじいろこども園', 'Nijiiro Nursery', 141.0050, 37.4947, 'school', 0.5],
  ['fureai', 'ふれあいセンターなみえ', 'Fureai Center Namie', 141.0033, 37.4913, 'leisure', 1.2],
  ['post', '浪江郵便局', 'Namie Post Office', 140.9952, 37.4922, 'office', 0.6],
  ['hotel', 'ホテルなみえ', 'Hotel Namie', 140.9968, 37.4953, 'leisure', 0.7],
  ['housing', '幾世橋住宅団地（災害公営住宅）', 'Kiyohashi Public Housing', 141.0070, 37.5030, 'home', 5],
  ['kitasangyo', '北産業団地', 'Kita Industrial Estate', 141.0014, 37.5140, 'work', 1],
  ['minamisangyo', '南産業団地', 'Minami Industrial Estate', 141.0050, 37.4738, 'work', 1],
  ['fh2r', '福島水素エネルギー研究フィールド（FH2R）', 'FH2R Hydrogen Field', 141.0270, 37.5415, 'work', 1],
  ['ukedoport', '請戸漁港', 'Ukedo Fishing Port', 141.0420, 37.4822, 'work', 1],
  ['ukedoschool', '震災遺構 請戸小学校', 'Ukedo School Ruins', 141.0338, 37.4781, 'leisure', 0.8],
  ['ohirayama', '大平山霊園', 'Ohirayama Cemetery Park', 141.0262, 37.4748, 'leisure', 0.4],
  ['ic', '浪江インターチェンジ', 'Namie Interchange', 140.9521, 37.5008, 'work', 0.3],
  ['gongendo', '権現堂集会所', 'Gongendo Hall', 140.9962, 37.4910, 'home', 1.5],
  ['kawazoe', '川添集会所', 'Kawazoe Hall', 140.9845, 37.4925, 'home', 1.5],
  ['kiyohashi', '幾世橋集会所', 'Kiyohashi Hall', 141.0093, 37.5040, 'home', 1.2],
  ['nishidai', '西台集会所', 'Nishidai Hall', 140.9875, 37.5064, 'home', 1],
  ['fujihashi', '藤橋集会所', 'Fujihashi Hall', 140.9985, 37.5110, 'home', 1],
  ['tanashio', '棚塩集会所', 'Tanashio Hall', 141.0195, 37.5128, 'home', 0.8],
  ['takase', '高瀬集会所', 'Takase Hall', 140.9880, 37.4763, 'home', 1],
  ['ushiwata', '牛渡集会所', 'Ushiwata Hall', 141.0080, 37.4863, 'home', 0.8],
  ['kariyado', '苅宿集会所', 'Kariyado Hall', 140.9655, 37.5112, 'home', 1],
  ['kakura', '加倉集会所', 'Kakura Hall', 140.9695, 37.4990, 'home', 0.7],
  ['tatsuno', '立野集会所', 'Tatsuno Hall', 140.9470, 37.5138, 'home', 0.7],
  ['tajiri', '田尻集会所', 'Tajiri Hall', 140.9690, 37.4866, 'home', 0.6],
  ['murohara', '室原集会所', 'Murohara Hall', 140.9390, 37.4925, 'home', 0.8],
  ['suenomori', '末森集会所', 'Suenomori Hall', 140.9330, 37.4868, 'home', 0.5],
  ['obori', '大堀集会所', 'Obori Hall', 140.9430, 37.4822, 'home', 0.4],
  ['omaru', '小丸集会所', 'Omaru Hall', 140.9225, 37.4738, 'home', 0.3],
  ['tsushima', '津島支所', 'Tsushima Branch Office', 140.7553, 37.5608, 'office', 0.1],
];

/** Sites drawn as areas: name, middle, width and depth in metres, angle in degrees. */
const SITES = [
  { ja: '', en: '', at: [140.99175, 37.49395], size: [55, 110], angle: -3 },
  { ja: '', en: '', at: [140.9985, 37.49445], size: [120, 75], angle: -3 },
  { ja: '', en: '', at: [141.00175, 37.49305], size: [85, 110], angle: -12 },
  { ja: '', en: '', at: [141.00075, 37.49535], size: [90, 70], angle: -10 },
  { ja: '', en: '', at: [141.00425, 37.49735], size: [115, 130], angle: 25 },
  { ja: '北産業団地', en: 'Kita Industrial Estate', at: [141.0024, 37.5139], size: [420, 230], angle: -4 },
  { ja: '南産業団地', en: 'Minami Industrial Estate', at: [141.0056, 37.4735], size: [430, 260], angle: 4 },
  { ja: '大平山霊園', en: 'Ohirayama Cemetery Park', at: [141.0266, 37.4743], size: [260, 220], angle: 10 },
  { ja: '震災遺構 請戸小学校', en: 'Ukedo School Ruins', at: [141.03315, 37.47835], size: [130, 150], angle: 8 },
  { ja: 'FH2R', en: 'FH2R', at: [141.0278, 37.5402], size: [420, 170], angle: 4 },
  { ja: '', en: '', at: [141.0268, 37.5433], size: [230, 420], angle: 4 },
  { ja: '', en: '', at: [141.0300, 37.5434], size: [270, 420], angle: 4 },
  { ja: '', en: '', at: [141.0289, 37.5373], size: [380, 330], angle: 4 },
];

/** How many virtual stops the centre has. */
const CENTRAL_STOPS = 47;

/** Virtual stops that are not homes: the nearest to lng, lat becomes one of this category and weight. */
const OTHER_USES = [
  [140.9944, 37.4952, 'shop', 0.25],
  [140.9990, 37.4918, 'shop', 0.35],
  [140.9932, 37.4932, 'leisure', 0.6],
  [140.9955, 37.4940, 'leisure', 0.6],
  [140.9985, 37.4900, 'leisure', 0.4],
  [141.0030, 37.4890, 'work', 0.5],
  [140.9880, 37.4960, 'work', 0.4],
  [140.9985, 37.4985, 'work', 0.4],
];

/** Names on the map beside those of rivers, sites and stops: [Japanese, English, lng, lat]. */
const LABELS = [
  ['太平洋', 'Pacific Ocean', 141.0470, 37.5100],
  ['権現堂', 'Gongendo', 140.9955, 37.4918],
  ['川添', 'Kawazoe', 140.9845, 37.4940],
  ...HAMLETS.map(({ ja, en, at, label = at }) => [ja, en, ...label]),
];

/** Share of trips by hour of the desired pick-up. */
const PROFILE = [0, 0, 0, 0, 0, 0, 0, 2, 9, 12, 12, 8, 7, 7, 8, 10, 9, 7, 4, 3, 2, 1, 0, 0];

/** What categories give and take by hour, for a stop of weight 1; homes are many, so that the others' numbers are larger. */
const CATEGORIES = Object.entries({
  //                                     from 7 to 21 h
  home: {
    departs: [0, 0, 0, 0, 0, 0, 0, 1, 1.5, 1.5, 1.3, 0.9, 0.8, 0.9, 0.8, 0.6, 0.4, 0.5, 0.5, 0.2, 0.1, 0.1, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 0.1, 0.1, 0.2, 0.4, 1, 1.1, 0.8, 0.9, 1.3, 1.5, 1.6, 1.6, 1.6, 1.6, 1.6, 0, 0],
  },
  station: {
    departs: [0, 0, 0, 0, 0, 0, 0, 6, 14, 12, 9, 8, 7, 7, 7, 8, 10, 13, 14, 12, 8, 4, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 12, 16, 12, 9, 6, 6, 8, 9, 12, 13, 12, 8, 5, 4, 2, 0, 0],
  },
  shop: {
    departs: [0, 0, 0, 0, 0, 0, 0, 0, 1, 8, 20, 26, 18, 12, 16, 18, 18, 16, 12, 5, 1, 0, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 1, 10, 24, 24, 18, 12, 16, 18, 15, 12, 10, 6, 2, 0, 0, 0, 0],
  },
  clinic: {
    departs: [0, 0, 0, 0, 0, 0, 0, 0, 2, 14, 24, 26, 12, 1, 6, 12, 12, 4, 0, 0, 0, 0, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 6, 30, 28, 18, 5, 1, 12, 12, 8, 2, 0, 0, 0, 0, 0, 0, 0],
  },
  office: {
    departs: [0, 0, 0, 0, 0, 0, 0, 0, 1, 4, 6, 7, 6, 4, 5, 6, 6, 8, 4, 1, 0, 0, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 4, 10, 9, 8, 5, 4, 7, 6, 5, 3, 1, 0, 0, 0, 0, 0, 0],
  },
  school: {
    departs: [0, 0, 0, 0, 0, 0, 0, 0, 0.5, 0.5, 0.5, 1, 1, 1, 4, 10, 9, 5, 2, 0, 0, 0, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 10, 8, 2, 1, 1, 1, 1, 1, 2, 2, 2, 1, 0, 0, 0, 0, 0],
  },
  work: {
    departs: [0, 0, 0, 0, 0, 0, 0, 0, 0.5, 1, 1, 2, 3, 2, 2, 3, 6, 12, 8, 3, 1, 0, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 10, 10, 5, 3, 2, 3, 4, 3, 2, 1, 1, 0, 0, 0, 0, 0, 0],
  },
  leisure: {
    departs: [0, 0, 0, 0, 0, 0, 0, 0, 0.5, 1, 2, 3, 4, 5, 5, 5, 4, 4, 4, 7, 12, 14, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 4, 6, 6, 4, 4, 3, 3, 5, 8, 5, 1, 0, 0, 0],
  },
}).map(([category, { departs, arrives }]) => ({ category, departs, arrives }));

/** A two-way charger of the size sold to homes and offices in Japan; losses by power after Iwafune et al. 2024. */
const TWO_WAY = {
  power_kw: 6, losses: { fixed_kw: 0.05, proportional: 0.093, quadratic_per_kw: 0.003 }, standby_kw: 0.02,
  discharge: { power_kw: 6, losses: { fixed_kw: 0.036, proportional: 0.063, quadratic_per_kw: 0.005 } },
};
/** What the packs of vans and cars have in common. */
const PACK = {
  max_charge_kw: 6.8, taper: { from_soc: 0.95, at_full: 0.3 }, cell_loss: 0.015,
  ageing: { replacement_yen_per_kwh: 20000, end_of_life_loss: 0.3, scale: 0.43, age_years: 2, full_cycles: 150 },
};
/** Load of the roadside station by hour against its mean: cold rooms at night, kitchens and shops by day. */
const LOAD = [
  0.5, 0.49, 0.48, 0.48, 0.5, 0.58, 0.72, 0.9, 1.12, 1.32, 1.5, 1.66, 1.74, 1.68, 1.56, 1.48, 1.42, 1.36, 1.24, 1.0, 0.74, 0.6,
  0.54, 0.51,
];
const MEAN_LOAD_KW = 50;
const town = (count, ja, en, from, until) => ({
  name: { ja, en }, count,
  battery: {
    capacity_kwh: 37, initial_soc: 0.8, reserve_soc: 0.2, ...PACK, drive_kwh_per_km: 0.155, auxiliary_kw: 0.3,
    climate: { heat_below_c: 18, heating_kw_per_k: 0.06, cool_above_c: 24, cooling_kw_per_k: 0.06 },
  },
  charger: { count: 1, ...TWO_WAY },
  trips: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from, until, energy_kwh: 6 }],
});
/** The energy trial of 2022 at the roadside station. */
const SITE = {
  name: { ja: '道の駅なみえ', en: 'Michi-no-Eki Namie' }, lat: 37.4932, lng: 141.0013,
  load_kw: LOAD.map((share) => Number((share * MEAN_LOAD_KW).toFixed(1))),
  load_by_month: [1.08, 1.06, 0.97, 0.9, 0.9, 0.96, 1.08, 1.16, 1.02, 0.92, 0.93, 1.04],
  solar: {
    peak_kw: 37.5, tilt_deg: 10, azimuth_deg: 180, performance: 0.8,
    cloud_by_month: [0.7, 0.7, 0.67, 0.65, 0.62, 0.56, 0.54, 0.59, 0.56, 0.6, 0.66, 0.69],
  },
  wind: {
    count: 3, rated_kw: 1, cut_in_m_s: 2.5, rated_m_s: 12.5, cut_out_m_s: 50,
    mean_by_month_m_s: [2.4, 2.5, 2.6, 2.5, 2.2, 1.9, 1.7, 1.8, 1.9, 1.9, 2.0, 2.3],
  },
  fuel_cell: { power_kw: 3.5, yen_per_kwh: 60 },
  cars: [
    town(3, '町の車・午前', 'Town car, morning', '09:00', '11:30'),
    town(2, '町の車・午後', 'Town car, afternoon', '14:00', '16:30'),
  ],
  import_limit_kw: 200, export_limit_kw: 0,
  tariff: TARIFFS.tohoku_business,
  critical_loads: [
    { name: { ja: '避難所（照明・通信・冷蔵）', en: 'Shelter: light, telephones, cold store' }, power_kw: 6 },
    { name: { ja: '診療所', en: 'Clinic' }, power_kw: 3 },
  ],
};


/**
 * The bus to compare with: one small bus that goes round the centre both ways in turn. Minutes from the station to each stop,
 * one way; the other way takes as long.
 */
const LOOP = [
  ['station', 0], ['post', 2], ['gongendo', 4], ['aeon', 7], ['fureai', 9], ['michinoeki', 11], ['townhall', 12],
  ['clinic', 13], ['school', 15], ['kiyohashi', 19], ['housing', 21], ['hotel', 26], ['station', 28],
];
const WEEK = [[['mon', 'tue', 'wed'], 18], [['thu', 'fri', 'sat'], 21.5]];

/** A way round the loop, hourly from a first departure, without the one in the driver's break. */
function loopLine(id, ja, en, calls, first, without) {
  const departures = WEEK.map(([days, closes]) => {
    const hours = Array.from({ length: 24 }, (_, k) => first + k).filter((h) => h !== without && h + 28 / 60 <= closes);
    const clock = (h) => `${String(Math.floor(h)).padStart(2, '0')}:${h % 1 ? '30' : '00'}`;
    return { days, times: hours.map(clock) };
  });
  return { id, name: { ja, en }, stops: calls.map(([stop, min]) => ({ stop, departure_s: 60 * min })), departures };
}

const FIXED_ROUTE = {
  adult_yen: 200,
  lines: [
    loopLine('loop-south', '中心部循環（南回り）', 'Centre loop, south first', LOOP, 9, 13),
    loopLine('loop-north', '中心部循環（北回り）', 'Centre loop, north first', LOOP.map(([stop, min]) => [stop, 28 - min]).reverse(), 8.5, 12.5),
  ],
  vehicles: [{ id: 'B1', seats: 14, wheelchair_places: 1, depot: 'michinoeki' }],
};

const COSTS = {
  driver_yen_per_h: 2300,
  electricity_yen_per_kwh: 30,
  on_demand: { vehicle_yen_per_day: 3500, vehicle_yen_per_km: 8, fuel_yen_per_km: 14, overhead_yen_per_day: 25000 },
  fixed_route: { vehicle_yen_per_day: 6000, vehicle_yen_per_km: 25, fuel_yen_per_km: 26, overhead_yen_per_day: 5000 },
};

/** What is modelled and not surveyed: [Japanese, English]. */
const ASSUMPTIONS = [
  [
    '公開されている事実は2021年から2023年までのもので、この一日はそれらを組み合わせています（停留所の数は2021年11月、運行時間は2022年6月、車両の台数と利用数は2022年12月、運賃は2023年1月、運行区域は2023年7月）。',
    'The public facts date from 2021 to 2023 and are combined in this one day: the number of stops from November 2021, the evening service from June 2022, vans and trips from December 2022, fares from January 2023, the area from July 2023.',
  ],
  [
    '2023年11月9日（木）という日付と、平均気温13℃は仮定です。',
    'The date, Thursday 9 November 2023, and the mean temperature of 13 °C are assumed.',
  ],
  [
    '道路網は模式図です。国道・県道・常磐自動車道・河川・鉄道・海岸線はおおよその位置に手で描き、市街地の街路、農道、集落の道は乱数で作ったもので、実際の道路とは一致しません。',
    'The road network is schematic: trunk and prefectural roads, the expressway, rivers, the railway and the coast are drawn by hand roughly where they are, while streets and lanes are grown from random numbers and do not match the real ones.',
  ],
  [
    '走行速度は道路の種別ごとに一律で（高速道路80、国道45、県道40、幹線町道32、街路22、構内路15 km/h）、信号・渋滞・一方通行・通行規制は考えていません。',
    'Speed depends on the class of road alone (expressway 80, national 45, prefectural 40, main town roads 32, streets 22, lanes 15 km/h); signals, traffic, one-way streets and closures are left out.',
  ],
  [
    '森林、市街地、ため池、小さな川、施設の敷地は地図として見やすくするための描画で、測量データではありません。',
    'Woods, built-up areas, ponds, brooks and sites are drawn to make the map readable; they are not survey data.',
  ],
  [
    '浪江駅、町役場、道の駅、イオン、請戸漁港、請戸小学校、FH2R、浪江インターチェンジ、室原、津島の位置は約200 mの精度で、ほかの施設や集会所の位置と名称は仮定です。',
    'Namie station, the town hall, the roadside station, AEON, Ukedo port and school, FH2R, the interchange, Murohara and Tsushima are placed to about 200 m; the places, and for community halls also the names, of all other stops are assumed.',
  ],
  [
    'バーチャル停留所の位置、番号、数（全体で約120か所）は、実際の停留所ではなく、街路の上に均等に置いたものです。',
    'The virtual stops are not the real ones: they are spread evenly over the streets, so that there are about 120 stops in all.',
  ],
  [
    '運行時間は、木曜から土曜は21時30分まで、日曜は運休という点だけが公開情報で、始発の8時30分と、月曜から水曜の18時終了は仮定です。',
    'Of the hours only the evening service until 21:30 from Thursday to Saturday and the Sunday without service are public; the start at 08:30 and the end at 18:00 from Monday to Wednesday are assumed.',
  ],
  [
    '運賃は4区域・大人200円から800円が公開情報で、中間の400円と600円、区域の境（2、5、10 km）、夜間加算の100円と19時という時刻、無料で乗る子どもの割合5％は仮定です。繰り返し利用の割引は含みません。',
    'Four zones and adult fares from 200 to 800 yen are public; the middle fares of 400 and 600 yen, the borders at 2, 5 and 10 km, the night surcharge of 100 yen and its start at 19:00, and 5 % of riders being young children who ride free are assumed. The discount for repeated use is left out.',
  ],
  [
    '車両は3台とも電気自動車としました（実際は2021年時点でディーゼル車2台と電気自動車1台）。',
    'All three vans are electric here; in 2021 two were diesel and one was electric.',
  ],
  [
    '車両はe-NV200程度の大きさと仮定し、電池容量40 kWhのうち36 kWhを使え、朝の残量は90％、残量15％未満にはしないものとします。座席は乗客6人と車いす1台分です。',
    'Vans are taken to be of the size of an e-NV200: 36 of 40 kWh usable, 90 % charged in the morning, never below 15 %, with six seats and one place for a wheelchair.',
  ],
  [
    '電力の消費は、走行1 kmあたり0.2 kWh、補機0.3 kW、18℃を1度下回るごとに暖房0.12 kW、24℃を1度上回るごとに冷房0.1 kWと仮定しています。',
    'Consumption is assumed: 0.2 kWh per km, 0.3 kW for auxiliaries, 0.12 kW of heating for each degree below 18 °C and 0.1 kW of cooling for each degree above 24 °C.',
  ],
  [
    '車両の拠点は道の駅なみえとし、双方向充電器（6 kW）が1台に1基あるものとします。充電器の損失はIwafuneら（2024）の式、電池の劣化はSchmalstiegら（2014）の式によります。待機電力20 W、充電率95％からの充電電力の低下、電池の中の損失（片道1.5％）、劣化30％での交換、2年・150回使った電池であることは仮定です。電池の価格は1 kWhあたり2万円（BloombergNEF 2023の139ドル）としました。',
    'The vans are based at the roadside station, each with a two-way charger of 6 kW. Losses of chargers follow Iwafune et al. (2024), ageing of batteries Schmalstieg et al. (2014). Assumed are a standby of 20 W, slower charging above 95 %, 1.5 % lost in the cells each way, and batteries that are replaced at a loss of 30 % and are two years and 150 cycles old. A new battery costs 20,000 yen per kWh (139 US dollars, BloombergNEF 2023).',
  ],
  [
    '道の駅の太陽光37.5 kW、風力1 kW 3基、燃料電池3.5 kW、町のリーフ5台は公開された事実です。電力使用量（年間約44万kWh）、その時刻別の形、パネルの傾き10度、雲と風の月別の値、町の車の外出（平日に午前3台・午後2台、各6 kWh）、水素による電力1 kWhあたり60円、契約の単価は仮定です。',
    'Public facts of the roadside station are 37.5 kW of photovoltaic, three wind turbines of 1 kW, a fuel cell of 3.5 kW and five LEAFs of the town. Assumed are its use of some 440 MWh a year and the shape of it, the panels\u2019 tilt of 10 degrees, clouds and wind by month, the cars\u2019 trips (on weekdays three in the morning and two in the afternoon, 6 kWh each), hydrogen at 60 yen for each kWh of electricity, and the prices of the contract.',
  ],
  [
    '停電時に支える負荷（避難所6 kW、診療所3 kW）は仮定です。',
    'The loads to carry in a power cut, 6 kW for a shelter and 3 kW for a clinic, are assumed.',
  ],
  [
    '一日約40件という利用数は公開情報ですが、曜日・時間帯・場所ごとの分布、人数、車いす利用2％、事前予約30％は仮定した重力モデルによるものです。',
    'About 40 trips a day is public; how they spread over weekdays, hours and places, party sizes, 2 % with a wheelchair and 30 % booked ahead come from an assumed gravity model.',
  ],
  [
    '最長20分の待ち時間、直行の1.5倍に10分を加えた乗車時間の上限、10分幅の乗車時刻の約束は仮定です。',
    'The longest wait of 20 minutes, the limit on the ride of 1.5 times the direct time plus 10 minutes, and the promised pick-up window of 10 minutes are assumed.',
  ],
  [
    '停車時間は、1件につき30秒に、1人あたり5秒、車いすは1台あたり120秒を加えたものと仮定しています。',
    'A stop takes an assumed 30 seconds for each request, plus 5 seconds for each passenger and 120 seconds for each wheelchair.',
  ],
  [
    '比較のための路線バス（中心部循環、右回りと左回りを交互に1時間に1本ずつ、小型バス1台・座席14、均一200円、デマンド交通と同じ運行時間）は、ありうる姿として作ったもので、実在した路線や時刻表ではありません。各区間の所要時間は、走行と1人の乗降に要する時間を分単位に切り上げたものです。',
    'The bus to compare with (a loop round the centre, both ways in turn and each once an hour, one small bus with 14 seats, 200 yen, in the hours of the vans) is made up to be plausible; it is neither a line nor a timetable that existed. Each leg takes its drive and the boarding of one rider, rounded up to minutes.',
  ],
  [
    '運行経費の単価は仮定です。運転士は1時間2,300円（バス運転者の平均年収453万円（令和5年賃金構造基本統計調査）を年約2,300時間で割り、事業主負担の社会保険料として約16％を加算）、小型バスの燃料は1 kmあたり26円（福島県の軽油157.1円/L（2023年11月6日）を燃費6 km/Lと仮定して換算）。車両の1日あたりの費用（バン3,500円、バス6,000円）、修繕費（1 kmあたり8円、25円）、受付・配車・管理の費用（1日25,000円、5,000円）、契約のない拠点の電気1 kWhあたり30円には出典がありません。',
    'The prices of running the service are assumed. A driver costs 2,300 yen an hour: the mean income of bus drivers of 4.53 million yen (wage census of 2023) over some 2,300 hours a year, and about 16 % for the employer\u2019s share of insurance. A small bus burns 26 yen a km: diesel at 157.1 yen a litre (Fukushima, 6 November 2023) and an assumed 6 km to the litre. Without a source are a vehicle\u2019s day (van 3,500, bus 6,000 yen), repairs (8 and 25 yen a km), bookings, dispatch and management (25,000 and 5,000 yen a day) and electricity at 30 yen per kWh where there is no contract.',
  ],
  [
    '運転士の勤務交代と休憩、小荷物の配送は含みません。',
    "Drivers' shifts and breaks, and parcels carried beside passengers, are left out.",
  ],
];

/** Where the facts were read. */
const SOURCES = [
  'netdenjd 257991 (stops and vehicles, November 2021)',
  'minyu-net 2022-06-07 (stops, vehicles, evening service)',
  'minyu-net 2022-12-20 (stops, vehicles, trips a day, fares)',
  'netdenjd 277949 (fares from January 2023)',
  'mirai-work.life 2630 (waiting time in the centre)',
  'sip-cafe 5709 (earlier trial around Michi-no-Eki Namie)',
  'evsmart (area and population)',
  'ligare 2023-07-19 (Tsushima, Murohara, Suenomori)',
  'nikkeibp 2022-01-14 (energy trial at Michi-no-Eki Namie)',
  'BloombergNEF 2023-11-27 (price of battery packs)',
  'Schmalstieg et al. 2014, doi 10.1016/j.jpowsour.2014.02.012 (ageing of batteries)',
  'Ministry of Health, Labour and Welfare, Basic Survey on Wage Structure 2023, as computed by Yahoo! News Japan (income of bus drivers)',
  'Agency for Natural Resources and Energy, retail prices of 6 November 2023, trucknews.biz p110802 (diesel in Fukushima)',
  'Iwafune et al. 2024, doi 10.1016/j.segy.2024.100145, as quoted in public code (losses of two-way chargers)',
];


const VIEW = [140.947, 37.4675, 141.0515, 37.5455];

// ---------------------------------------------------------------------------------------------------------------------
// Numbers and geometry.

const toMeters = ([lng, lat]) => [(lng - CENTER[0]) * EAST, (lat - CENTER[1]) * METERS_PER_DEGREE];
const round = (value, digits) => Number(value.toFixed(digits));
const toDegrees = ([x, y], digits = 5) =>
  [round(CENTER[0] + x / EAST, digits), round(CENTER[1] + y / METERS_PER_DEGREE, digits)];
const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const mix = (a, b, t) => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
const lengthOf = (points) => points.slice(1).reduce((sum, point, i) => sum + distance(points[i], point), 0);

/** Mulberry32: a small generator with 32 bits of state, enough for jitter. */
function generator(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, between: (low, high) => low + (high - low) * next(), chance: (p) => next() < p };
}

/** Smooth noise between -1 and 1 that changes over `scale` metres. */
function noise([x, y], scale, seed) {
  const lattice = (i, j) => {
    let h = Math.imul(i, 374761393) + Math.imul(j, 668265263) + Math.imul(seed, 974634977);
    h = Math.imul(h ^ (h >>> 13), 1274126177);
    return (((h ^ (h >>> 16)) >>> 0) / 4294967296) * 2 - 1;
  };
  const [u, v] = [x / scale, y / scale];
  const [i, j] = [Math.floor(u), Math.floor(v)];
  const smooth = (t) => t * t * (3 - 2 * t);
  const [a, b] = [smooth(u - i), smooth(v - j)];
  const low = lattice(i, j) * (1 - a) + lattice(i + 1, j) * a;
  const high = lattice(i, j + 1) * (1 - a) + lattice(i + 1, j + 1) * a;
  return low * (1 - b) + high * b;
}

/** Centripetal Catmull-Rom curve through the points, as a line with a point about every `step` metres. */
function curve(points, step = 20) {
  const line = [points[0]];
  for (let i = 0; i + 1 < points.length; i++) {
    const [p1, p2] = [points[i], points[i + 1]];
    const p0 = points[i - 1] ?? mix(p1, p2, -1);
    const p3 = points[i + 2] ?? mix(p2, p1, -1);
    const t1 = Math.sqrt(distance(p0, p1));
    const t2 = t1 + Math.sqrt(distance(p1, p2));
    const t3 = t2 + Math.sqrt(distance(p2, p3));
    const pieces = Math.max(1, Math.ceil(distance(p1, p2) / step));
    for (let k = 1; k < pieces; k++) {
      const t = t1 + ((t2 - t1) * k) / pieces;
      const a1 = mix(p0, p1, t / t1);
      const a2 = mix(p1, p2, (t - t1) / (t2 - t1));
      const a3 = mix(p2, p3, (t - t2) / (t3 - t2));
      const b1 = mix(a1, a2, t / t2);
      const b2 = mix(a2, a3, (t - t1) / (t3 - t1));
      line.push(mix(b1, b2, (t - t1) / (t2 - t1)));
    }
    line.push(p2);
  }
  return line;
}

/** Nearest point of a segment: its place along the segment (0 to 1) and itself. */
function nearestOnSegment(p, a, b) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const square = dx * dx + dy * dy;
  const t = square === 0 ? 0 : Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square));
  return { t, at: [a[0] + dx * t, a[1] + dy * t] };
}

/** Douglas-Peucker: drops points that lie within `tolerance` metres of the line without them. */
function simplify(points, tolerance) {
  if (points.length < 3) return points;
  const [first, last] = [points[0], points.at(-1)];
  let [worst, index] = [0, 0];
  for (let i = 1; i + 1 < points.length; i++) {
    const off = distance(points[i], nearestOnSegment(points[i], first, last).at);
    if (off > worst) [worst, index] = [off, i];
  }
  if (worst <= tolerance) return [first, last];
  return [...simplify(points.slice(0, index + 1), tolerance).slice(0, -1), ...simplify(points.slice(index), tolerance)];
}

function inside([x, y], ring) {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}

function rectangle({ at, size: [width, depth], angle }) {
  const middle = toMeters(at);
  const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  return [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([i, j]) => {
    const [u, v] = [(i * width) / 2, (j * depth) / 2];
    return [middle[0] + u * c - v * s, middle[1] + u * s + v * c];
  });
}

/** Segments of lines, found by place. */
class Segments {
  constructor(cell = 150) {
    this.cell = cell;
    this.cells = new Map();
    this.all = [];
  }

  add(points, owner) {
    for (let i = 0; i + 1 < points.length; i++) {
      const segment = { a: points[i], b: points[i + 1], owner, index: i };
      this.all.push(segment);
      for (const key of this.#keys(segment.a, segment.b, 0)) {
        if (!this.cells.has(key)) this.cells.set(key, []);
        this.cells.get(key).push(segment);
      }
    }
  }

  /** All segments whose cells come within `reach` of the box of a and b. */
  near(a, b, reach) {
    const found = new Set();
    for (const key of this.#keys(a, b, reach)) for (const segment of this.cells.get(key) ?? []) found.add(segment);
    return found;
  }

  /** The nearest segment to a point within `reach`, if any, with distance and point. */
  nearest(p, reach, accept = () => true) {
    let best = null;
    for (const segment of this.near(p, p, reach)) {
      if (!accept(segment)) continue;
      const { t, at } = nearestOnSegment(p, segment.a, segment.b);
      const away = distance(p, at);
      if (away <= reach && (best === null || away < best.away)) best = { segment, t, at, away };
    }
    return best;
  }

  #keys(a, b, reach) {
    const range = (k) => [
      Math.floor((Math.min(a[k], b[k]) - reach) / this.cell),
      Math.floor((Math.max(a[k], b[k]) + reach) / this.cell),
    ];
    const [[x0, x1], [y0, y1]] = [range(0), range(1)];
    const keys = [];
    for (let x = x0; x <= x1; x++) for (let y = y0; y <= y1; y++) keys.push(x * 100003 + y);
    return keys;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Roads: main roads as drawn, then streets that keep clear of them, of water, of the railway and of sites.

const RANK = ['service', 'residential', 'secondary', 'primary', 'trunk', 'motorway'];

function layRoads(sea, rivers, railway) {
  const lines = [];
  const laid = new Segments();
  const lay = (road) => {
    const points = road.points.map(toMeters);
    if (!road.open) {
      for (const end of [0, points.length - 1]) {
        const join = laid.nearest(points[end], 130);
        if (join) points[end] = join.at;
      }
    }
    const line = { class: road.class, level: 0, points: simplify(curve(road.winding ? curve(points, 70).map(wind) : points), 0.8) };
    lines.push(line);
    laid.add(line.points, line);
  };
  for (const road of [...ROADS, TOLL_ROAD, ...LANES]) lay(road);

  const overpass = new Segments();
  const gate = toMeters(INTERCHANGE);
  for (const road of EXPRESSWAY) {
    const points = road.points.map(toMeters);
    // Ramps end on the carriageway, wherever the curve has put it.
    if (road.class !== 'motorway') points[points.length - 1] = overpass.nearest(points.at(-1), 200).at;
    const line = { class: road.class, level: 1, points: simplify(curve(points), 0.8) };
    lines.push(line);
    overpass.add(line.points, line);
  }

  const water = new Segments();
  for (const river of rivers) water.add(river, river);
  const rail = new Segments();
  rail.add(railway, railway);
  const sites = SITES.map(rectangle);
  const ponds = PONDS.map(([lng, lat, radius]) => ({ at: toMeters([lng, lat]), radius }));
  const free = (p) =>
    !water.nearest(p, 48) && !rail.nearest(p, 26) && !overpass.nearest(p, 50) && !inside(p, sea) &&
    !sites.some((site) => inside(p, site)) && !ponds.some((pond) => distance(p, pond.at) < pond.radius + 30) &&
    distance(p, gate) > 260;

  const grow = (district, seed) => {
    const grown = [];
    for (const street of streets(district, generator(seed))) {
      const parts = clear(street, (p, direction) => {
        if (!inside(p, district.ring) || !free(p)) return false;
        const beside = laid.nearest(p, 58);
        if (!beside) return true;
        const along = [beside.segment.b[0] - beside.segment.a[0], beside.segment.b[1] - beside.segment.a[1]];
        return Math.abs(along[0] * direction[0] + along[1] * direction[1]) / Math.hypot(...along) < 0.8;
      });
      for (const points of parts) grown.push({ class: 'residential', level: 0, points: simplify(points, 3) });
    }
    // Only now, so that a district keeps clear of its neighbours and not of itself.
    for (const line of grown) laid.add(line.points, line);
    lines.push(...grown);
  };
  DISTRICTS.forEach((district, i) => grow({ ...district, ring: district.outline.map(toMeters) }, 100 + i));
  HAMLETS.forEach((hamlet, i) => {
    const middle = toMeters(hamlet.at);
    const ring = [];
    for (let k = 0; k < 16; k++) {
      const angle = (k / 16) * 2 * Math.PI;
      const radius = hamlet.radius * (1 + 0.25 * noise([k * 40, i * 400], 60, 9));
      ring.push([middle[0] + radius * Math.cos(angle), middle[1] + radius * Math.sin(angle)]);
    }
    grow({ step: [165, 260], gaps: 0.32, ...hamlet, ring }, 200 + i);
  });
  return lines;
}

/** A road winds in the mountains west of Murohara, more than its few points can say. */
function wind(p) {
  const depth = Math.max(0, Math.min(1, (-5600 - p[0]) / 600));
  return [p[0] + 85 * depth * noise(p, 230, 51), p[1] + 85 * depth * noise(p, 230, 52)];
}

/** Long streets in one direction and shorter ones across, as ladders whose rungs often do not line up. */
function streets({ ring, angle, step, gaps = 0.13 }, random) {
  const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const turn = ([x, y]) => [x * c + y * s, -x * s + y * c];
  const back = ([u, v]) => {
    const p = [u * c - v * s, u * s + v * c];
    const bend = Math.min(30, step[0] / 4);
    return [p[0] + bend * noise(p, 330, 1), p[1] + bend * noise(p, 330, 2)];
  };
  const turned = ring.map(turn);
  const [u0, u1] = [Math.min(...turned.map((p) => p[0])), Math.max(...turned.map((p) => p[0]))];
  const [v0, v1] = [Math.min(...turned.map((p) => p[1])), Math.max(...turned.map((p) => p[1]))];
  const lines = [];
  const draw = (a, b) => {
    const pieces = Math.max(2, Math.ceil(distance(a, b) / 40));
    lines.push(Array.from({ length: pieces + 1 }, (_, k) => back(mix(a, b, k / pieces))));
  };
  let rungs = [];
  let previous = null;
  for (let u = u0 + random.between(10, 50); u < u1; u += random.between(...step)) {
    const tilt = random.between(-14, 14);
    const at = (v) => [u + (tilt * (v - v0)) / (v1 - v0), v];
    for (let v = v0; v < v1; ) {
      const next = Math.min(v1, v + random.between(140, 320));
      if (!random.chance(gaps)) draw(at(v), at(next));
      v = next;
    }
    if (previous) {
      const kept = rungs.filter(() => random.chance(0.5));
      rungs = [];
      for (let v = v0 + random.between(10, 70); v < v1; v += random.between(step[0] * 0.85, step[1] * 1.15)) {
        // A rung that goes on where the last one ended makes a crossing, any other a T.
        const line = kept.find((k) => Math.abs(k - v) < 45) ?? v;
        if (random.chance(gaps)) continue;
        const end = line + random.between(-12, 12);
        draw(previous(line), at(end));
        rungs.push(end);
      }
    }
    previous = at;
  }
  return lines;
}

/** The parts of a line, at least 45 m long, on which every point is free. */
function clear(line, isFree) {
  const parts = [];
  let part = [];
  const end = () => {
    if (part.length > 1 && lengthOf(part) > 45) parts.push(part);
    part = [];
  };
  for (let i = 0; i + 1 < line.length; i++) {
    const [a, b] = [line[i], line[i + 1]];
    const size = distance(a, b);
    const direction = [(b[0] - a[0]) / size, (b[1] - a[1]) / size];
    const pieces = Math.ceil(size / 8);
    for (let k = i === 0 ? 0 : 1; k <= pieces; k++) {
      const p = mix(a, b, k / pieces);
      if (isFree(p, direction)) part.push(p);
      else end();
    }
  }
  end();
  return parts;
}

// ---------------------------------------------------------------------------------------------------------------------
// The graph: lines cut where they meet, tidied, and contracted to junctions and sections.

class Graph {
  constructor(lines) {
    this.points = [];
    this.links = [];
    this.#cut(lines);
  }

  /** Cuts all lines of one level where they cross or touch, into links between points. */
  #cut(lines) {
    const segments = new Segments(100);
    for (const line of lines) segments.add(line.points, line);
    const gate = toMeters(INTERCHANGE);
    const places = new Map();
    const place = (p, level) => {
      // The toll gate is where the two levels meet.
      const at = distance(p, gate) < 2 ? 0 : level;
      const [i, j] = [Math.round(p[0] / 2), Math.round(p[1] / 2)];
      for (let di = -1; di <= 1; di++) {
        for (let dj = -1; dj <= 1; dj++) {
          const id = places.get(`${at} ${i + di} ${j + dj}`);
          if (id !== undefined && distance(this.points[id], p) < 2) return id;
        }
      }
      places.set(`${at} ${i} ${j}`, this.points.length);
      this.points.push(p);
      return this.points.length - 1;
    };
    for (const segment of segments.all) {
      const cuts = [0, 1];
      const { a, b, owner } = segment;
      const size = distance(a, b);
      if (size === 0) continue;
      for (const other of segments.near(a, b, 2)) {
        if (other.owner === owner || other.owner.level !== owner.level) continue;
        const t = crossing(a, b, other.a, other.b);
        if (t !== null) cuts.push(t);
        for (const end of [other.a, other.b]) {
          const touch = nearestOnSegment(end, a, b);
          if (distance(end, touch.at) < 1) cuts.push(touch.t);
        }
      }
      cuts.sort((x, y) => x - y);
      for (let i = 0; i + 1 < cuts.length; i++) {
        if ((cuts[i + 1] - cuts[i]) * size < 0.01) continue;
        this.link(place(mix(a, b, cuts[i]), owner.level), place(mix(a, b, cuts[i + 1]), owner.level), owner.class);
      }
    }
  }

  link(from, to, kind) {
    if (from === to) return;
    const old = this.links.find((l) => (l.from === from && l.to === to) || (l.from === to && l.to === from));
    if (!old) this.links.push({ from, to, class: kind });
    else if (RANK.indexOf(kind) > RANK.indexOf(old.class)) old.class = kind;
  }

  /** Links by point. */
  around() {
    const around = this.points.map(() => []);
    for (const link of this.links) {
      around[link.from].push(link);
      around[link.to].push(link);
    }
    return around;
  }

  /** Lets streets that end short of another road reach it, and removes stubs. */
  tidy() {
    for (let pass = 0; pass < 3; pass++) {
      const around = this.around();
      const segments = new Segments(100);
      for (const link of this.links) segments.add([this.points[link.from], this.points[link.to]], link);
      const splits = [];
      for (let id = 0; id < this.points.length; id++) {
        if (around[id].length !== 1 || around[id][0].class !== 'residential') continue;
        const [own] = around[id];
        const before = own.from === id ? own.to : own.from;
        const p = this.points[id];
        const q = this.points[before];
        const size = distance(p, q);
        const ahead = [(p[0] - q[0]) / size, (p[1] - q[1]) / size];
        const found = segments.nearest(p, 62, (segment) => {
          if (segment.owner === own || segment.owner.class === 'motorway' || around[before].includes(segment.owner)) return false;
          const { at } = nearestOnSegment(p, segment.a, segment.b);
          const way = [at[0] - p[0], at[1] - p[1]];
          return (way[0] * ahead[0] + way[1] * ahead[1]) / (Math.hypot(...way) || 1) > 0.45;
        });
        if (found) splits.push([id, found]);
      }
      for (const [id, { segment, at }] of splits) {
        const link = segment.owner;
        const at2 = [link.from, link.to].find((end) => distance(this.points[end], at) < 14);
        if (at2 !== undefined) {
          this.link(id, at2, 'residential');
        } else if (this.links.includes(link)) {
          this.links.splice(this.links.indexOf(link), 1);
          this.points.push(at);
          const middle = this.points.length - 1;
          this.link(link.from, middle, link.class);
          this.link(middle, link.to, link.class);
          this.link(id, middle, 'residential');
        }
      }
      this.#cutStubs(88);
    }
    this.#keepLargest();
  }

  #cutStubs(shortest) {
    for (let changed = true; changed; ) {
      changed = false;
      const around = this.around();
      for (let id = 0; id < this.points.length; id++) {
        if (around[id].length !== 1 || around[id][0].class !== 'residential') continue;
        const path = [];
        let [at, link, size] = [id, around[id][0], 0];
        for (;;) {
          path.push(link);
          size += distance(this.points[link.from], this.points[link.to]);
          at = link.from === at ? link.to : link.from;
          if (around[at].length !== 2) break;
          link = around[at].find((l) => l !== link);
        }
        if (size < shortest) {
          const gone = new Set(path);
          this.links = this.links.filter((l) => !gone.has(l));
          changed = true;
          break;
        }
      }
    }
  }

  #keepLargest() {
    const around = this.around();
    const part = new Array(this.points.length).fill(-1);
    const sizes = [];
    for (let start = 0; start < part.length; start++) {
      if (part[start] >= 0) continue;
      const stack = [start];
      part[start] = sizes.length;
      let size = 0;
      while (stack.length) {
        const id = stack.pop();
        size++;
        for (const link of around[id]) {
          const other = link.from === id ? link.to : link.from;
          if (part[other] < 0) {
            part[other] = sizes.length;
            stack.push(other);
          }
        }
      }
      sizes.push(size);
    }
    const largest = sizes.indexOf(Math.max(...sizes));
    this.links = this.links.filter((l) => part[l.from] === largest);
  }

  /** Junctions, ends and changes of class become nodes, what lies between becomes the shape of a section. */
  contract() {
    const around = this.around();
    const isNode = (id) => around[id].length > 0 && (around[id].length !== 2 || around[id][0].class !== around[id][1].class);
    const nodes = [];
    const index = new Map();
    for (let id = 0; id < this.points.length; id++) {
      if (isNode(id)) {
        index.set(id, nodes.length);
        nodes.push(this.points[id]);
      }
    }
    const sections = [];
    const done = new Set();
    for (const id of index.keys()) {
      for (const first of around[id]) {
        if (done.has(first)) continue;
        let [at, link] = [id, first];
        const points = [this.points[id]];
        for (;;) {
          done.add(link);
          at = link.from === at ? link.to : link.from;
          points.push(this.points[at]);
          if (index.has(at)) break;
          link = around[at].find((l) => l !== link);
        }
        sections.push({ from: index.get(id), to: index.get(at), class: first.class, points });
      }
    }
    return new Network(nodes, sections);
  }
}

/** Where the segment a-b crosses c-d, as a share of a-b, or null. */
function crossing(a, b, c, d) {
  const [rx, ry, sx, sy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const cross = rx * sy - ry * sx;
  if (Math.abs(cross) < 1e-9) return null;
  const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / cross;
  const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / cross;
  return t > 0 && t < 1 && u >= 0 && u <= 1 ? t : null;
}

class Network {
  constructor(nodes, sections) {
    this.nodes = nodes;
    this.sections = sections;
  }

  /** Makes one junction of two that are closer than `reach`. */
  merge(reach) {
    const degree = () => {
      const degrees = new Array(this.nodes.length).fill(0);
      const ranks = new Array(this.nodes.length).fill(0);
      for (const s of this.sections) {
        for (const end of [s.from, s.to]) {
          degrees[end]++;
          ranks[end] = Math.max(ranks[end], RANK.indexOf(s.class) * 100 + degrees[end]);
        }
      }
      return ranks;
    };
    for (;;) {
      const short = this.sections.find((s) => s.from !== s.to && s.class !== 'motorway' && lengthOf(s.points) < reach);
      if (!short) break;
      const ranks = degree();
      const [keep, drop] = ranks[short.from] >= ranks[short.to] ? [short.from, short.to] : [short.to, short.from];
      this.sections.splice(this.sections.indexOf(short), 1);
      for (const s of this.sections) {
        if (s.from === drop) {
          s.from = keep;
          s.points = [this.nodes[keep], ...s.points.slice(1)];
        }
        if (s.to === drop) {
          s.to = keep;
          s.points = [...s.points.slice(0, -1), this.nodes[keep]];
        }
      }
      this.sections = this.sections.filter((s) => s.from !== s.to || lengthOf(s.points) > 150);
    }
    this.#openTriangles(240);
    // Of two short sections between the same junctions the shorter is enough.
    const same = (a, b) => (a.from === b.from && a.to === b.to) || (a.from === b.to && a.to === b.from);
    const size = new Map(this.sections.map((s) => [s, lengthOf(s.points)]));
    this.sections = this.sections.filter((s) => s.class !== 'residential' || !this.sections.some((o) =>
      o !== s && same(o, s) && size.get(o) + size.get(s) < 260 && (size.get(o) < size.get(s) || o.class !== s.class)));
    const used = [...new Set(this.sections.flatMap((s) => [s.from, s.to]))].sort((a, b) => a - b);
    const number = new Map(used.map((id, i) => [id, i]));
    this.nodes = used.map((id) => this.nodes[id]);
    for (const s of this.sections) [s.from, s.to] = [number.get(s.from), number.get(s.to)];
  }

  /** Where three streets make a triangle with a smaller perimeter, the longest is one too many. */
  #openTriangles(perimeter) {
    const between = (a, b) => this.sections.find((s) => (s.from === a && s.to === b) || (s.from === b && s.to === a));
    for (const section of [...this.sections]) {
      if (section.class !== 'residential' || lengthOf(section.points) > perimeter / 2) continue;
      for (const other of this.sections) {
        if (other === section || (other.from !== section.from && other.to !== section.from)) continue;
        const corner = other.from === section.from ? other.to : other.from;
        const third = corner === section.to ? undefined : between(corner, section.to);
        const sides = third && [section, other, third].map((s) => lengthOf(s.points));
        if (sides && sides[0] === Math.max(...sides) && sides[0] + sides[1] + sides[2] < perimeter) {
          this.sections.splice(this.sections.indexOf(section), 1);
          break;
        }
      }
    }
  }

  /** The nearest node on a street within `reach`, or null. */
  nearestNode(p, reach, accept = () => true) {
    let best = null;
    this.nodes.forEach((node, id) => {
      const away = distance(node, p);
      if (away <= reach && accept(id) && (best === null || away < distance(this.nodes[best], p))) best = id;
    });
    return best;
  }

  /** A node for a stop: a junction close by, else a new one on the road, at the end of a short lane if it is far. */
  nodeAt(p, accept) {
    const close = this.nearestNode(p, 22, accept);
    if (close !== null) return close;
    let best = null;
    for (const section of this.sections) {
      if (section.class === 'motorway') continue;
      for (let i = 0; i + 1 < section.points.length; i++) {
        const { at } = nearestOnSegment(p, section.points[i], section.points[i + 1]);
        const away = distance(p, at);
        if (best === null || away < best.away) best = { section, i, at, away };
      }
    }
    const { section, i, at, away } = best;
    const lane = away > 30;
    let node = [section.from, section.to].find((end) => distance(this.nodes[end], at) < 25 && (lane || accept(end)));
    if (node === undefined) {
      node = this.nodes.push(at) - 1;
      this.sections.push({ ...section, from: node, points: [at, ...section.points.slice(i + 1)] });
      section.to = node;
      section.points = [...section.points.slice(0, i + 1), at];
    }
    if (!lane) return node;
    const end = this.nodes.push(p) - 1;
    this.sections.push({ from: node, to: end, class: 'service', points: [this.nodes[node], p] });
    return end;
  }

  /** In degrees, as the scenario has them. */
  finish() {
    return {
      nodes: this.nodes.map((p) => toDegrees(p, 6)),
      edges: this.sections.map((s) => ({
        from: s.from, to: s.to, class: s.class, shape: simplify(s.points, 1.6).slice(1, -1).map((p) => toDegrees(p)),
      })),
    };
  }
}

/** Length of a line of degrees, with the scale of the middle latitude of each segment. */
function lengthInDegrees(points) {
  let sum = 0;
  for (let i = 0; i + 1 < points.length; i++) {
    const [[x0, y0], [x1, y1]] = [points[i], points[i + 1]];
    sum += Math.hypot((x1 - x0) * Math.cos(((y0 + y1) * Math.PI) / 360), y1 - y0) * METERS_PER_DEGREE;
  }
  return sum;
}

// ---------------------------------------------------------------------------------------------------------------------
// Areas: contours of a field, so that woods and built-up land have outlines nobody would rule.

/** Rings around the places where `field` is above 0, on a grid of `step` metres. */
function contours(field, [x0, y0, x1, y1], step) {
  const [columns, rows] = [Math.ceil((x1 - x0) / step) + 1, Math.ceil((y1 - y0) / step) + 1];
  const value = new Float64Array(columns * rows);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const edge = i === 0 || j === 0 || i === columns - 1 || j === rows - 1;
      value[j * columns + i] = edge ? -1 : field([x0 + i * step, y0 + j * step]) || 1e-9;
    }
  }
  const at = (i, j) => value[j * columns + i];
  // A crossing lies on a grid edge, named by its lower corner and its direction; land is kept on the left.
  const point = (i, j, vertical) => {
    const [a, b] = [at(i, j), vertical ? at(i, j + 1) : at(i + 1, j)];
    const t = a / (a - b);
    return [x0 + (i + (vertical ? 0 : t)) * step, y0 + (j + (vertical ? t : 0)) * step];
  };
  const next = new Map();
  const key = (i, j, vertical) => (j * columns + i) * 2 + (vertical ? 1 : 0);
  const where = new Map();
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const corner = [at(i, j) > 0, at(i + 1, j) > 0, at(i + 1, j + 1) > 0, at(i, j + 1) > 0];
      const side = [[i, j, false], [i + 1, j, true], [i, j + 1, false], [i, j, true]];
      const [outs, ins] = [[], []];
      for (let k = 0; k < 4; k++) {
        if (corner[k] && !corner[(k + 1) % 4]) outs.push(k);
        if (!corner[k] && corner[(k + 1) % 4]) ins.push(k);
      }
      // Going round the cell, the line leaves land at `outs` and enters it at `ins`: it runs from an out to the next in.
      for (const k of outs) {
        const m = [1, 2, 3].map((d) => (k + d) % 4).find((d) => ins.includes(d));
        const [from, to] = [key(...side[k]), key(...side[m])];
        next.set(from, to);
        where.set(from, point(...side[k]));
      }
    }
  }
  const rings = [];
  while (next.size) {
    const ring = [];
    let [id] = next.keys();
    while (next.has(id)) {
      ring.push(where.get(id));
      const following = next.get(id);
      next.delete(id);
      id = following;
    }
    rings.push(ring);
  }
  return rings;
}

const areaOf = (ring) => ring.reduce((sum, [x, y], i) => {
  const [x2, y2] = ring[(i + 1) % ring.length];
  return sum + (x * y2 - x2 * y) / 2;
}, 0);

/** A closed ring with fewer points: simplified in two halves. */
function simplifyRing(ring, tolerance) {
  const far = ring.reduce((best, p, i) => (distance(p, ring[0]) > distance(ring[best], ring[0]) ? i : best), 0);
  const halves = [ring.slice(0, far + 1), [...ring.slice(far), ring[0]]];
  return halves.flatMap((half) => simplify(half, tolerance).slice(0, -1));
}

/** Areas without holes: each large hole becomes part of the outline around it, by a cut between nearest points. */
function areas(rings, smallest, tolerance) {
  const outlines = rings.map((ring) => ({ ring, area: areaOf(ring) }));
  const sign = Math.sign(outlines.reduce((best, r) => (Math.abs(r.area) > Math.abs(best) ? r.area : best), 0));
  const outer = outlines.filter((r) => r.area * sign > smallest).map((r) => simplifyRing(r.ring, tolerance));
  for (const { ring } of outlines.filter((r) => -r.area * sign > 5 * smallest)) {
    const hole = simplifyRing(ring, tolerance);
    const around = outer.filter((o) => inside(hole[0], o)).sort((a, b) => Math.abs(areaOf(a)) - Math.abs(areaOf(b)))[0];
    if (!around) continue;
    let best = [Infinity, 0, 0];
    around.forEach((p, i) => hole.forEach((q, j) => {
      if (distance(p, q) < best[0]) best = [distance(p, q), i, j];
    }));
    const [, i, j] = best;
    around.splice(i + 1, 0, ...hole.slice(j), ...hole.slice(0, j + 1), around[i]);
  }
  return outer.filter((ring) => ring.length > 3);
}

/** What the base map draws beside the roads. */
function draw(sea, rivers, railway, edges, nodes) {
  const features = [];
  const feature = (kind, points, name) =>
    features.push({ kind, ...(name?.ja ? { name: { ja: name.ja, en: name.en } } : {}), points: points.map((p) => toDegrees(p)) });

  const streets = new Segments(120);
  for (const edge of edges) {
    if (edge.class !== 'residential' && edge.class !== 'service') continue;
    streets.add([nodes[edge.from], ...edge.shape, nodes[edge.to]].map(toMeters), edge);
  }
  const water = new Segments(300);
  RIVERS.forEach((river, i) => water.add(rivers[i], river));
  const shore = new Segments(300);
  shore.add([...COAST_SOUTH, ...HARBOUR, ...COAST_NORTH].map(toMeters), null);
  const open = [
    ...HAMLETS.map((h) => ({ at: toMeters(h.at), radius: h.radius * 1.5 })),
    ...SITES.map((s) => ({ at: toMeters(s.at), radius: Math.max(...s.size) * 0.85 })),
    { at: toMeters(INTERCHANGE), radius: 500 },
    { at: toMeters(CENTER), radius: 1900 },
  ];
  const hills = HILLS.map(([lng, lat, radius]) => ({ at: toMeters([lng, lat]), radius: radius * 1.2 }));
  const wood = (p) => {
    const [x] = p;
    const foot = x + 1100 * noise(p, 3800, 14);
    const rise = Math.max(0, Math.min(1, (-1200 - foot) / 4800));
    // The upland around Tsushima is open again, with fields between the woods.
    const upland = Math.max(0, Math.min(1, (-15500 - x) / 4000));
    let height = -0.42 + 1.25 * rise - 0.25 * upland + 0.6 * noise(p, 1500, 11) + 0.3 * noise(p, 620, 12) + 0.14 * noise(p, 260, 13);
    for (const { at, radius } of hills) height += Math.max(0, 0.95 * (1 - distance(p, at) / radius));
    const river = water.nearest(p, 450);
    if (river) {
      const width = river.segment.owner.valley * (x < -6500 ? 0.55 + 0.3 * noise(p, 900, 15) : 1);
      height -= Math.max(0, 1.7 * (1 - river.away / width));
    }
    for (const { at, radius } of open) height -= Math.max(0, 2 * (1 - distance(p, at) / radius));
    if (x > 1500) {
      const beach = shore.nearest(p, 350);
      if (beach) height -= 1.2 * (1 - beach.away / 350);
      if (inside(p, sea)) return -1;
    }
    return height;
  };
  const [west, south] = toMeters([140.64, 37.39]);
  const [east, north] = toMeters([141.04, 37.65]);
  // Where the hills go on beyond what is computed, the outline does too.
  const beyond = ([x, y]) => [
    x < west + 125 ? x - 60000 : x,
    y < south + 125 ? y - 12000 : y > north - 125 ? y + 9000 : y,
  ];
  for (const ring of areas(contours(wood, [west, south, east, north], 125), 90000, 13)) feature('wood', ring.map(beyond));

  // Built-up land lies along streets, but only in districts and hamlets: lanes through fields have none.
  const districts = DISTRICTS.map((d) => d.outline.map(toMeters));
  const outline = new Segments(150);
  for (const ring of districts) outline.add([...ring, ring[0]], ring);
  const hamlets = HAMLETS.map((h) => ({ at: toMeters(h.at), radius: h.radius * 1.2 }));
  const built = (p) => {
    const street = streets.nearest(p, 110);
    if (!street) return -60;
    const near = districts.some((ring) => inside(p, ring))
      ? 60
      : Math.max(...hamlets.map((h) => h.radius - distance(p, h.at)), 60 - (outline.nearest(p, 120)?.away ?? 120));
    return Math.min(58 + 14 * noise(p, 130, 21) - street.away, near);
  };
  const boxes = [[[140.9, 37.465], [141.045, 37.525]], [[140.74, 37.54], [140.82, 37.57]]];
  for (const [low, high] of boxes) {
    for (const ring of areas(contours(built, [...toMeters(low), ...toMeters(high)], 36), 30000, 6)) feature('town', ring);
  }
  for (const site of SITES) feature('site', rectangle(site), site);
  feature('sea', sea);
  feature('lake', curve([...RESERVOIR.points, RESERVOIR.points[0]].map(toMeters), 60), RESERVOIR);
  PONDS.forEach(([lng, lat, radius], i) => {
    const middle = toMeters([lng, lat]);
    feature('lake', Array.from({ length: 14 }, (_, k) => {
      const angle = (k / 14) * 2 * Math.PI;
      const r = radius * (0.8 + 0.45 * noise([k % 14 < 7 ? k * 30 : (14 - k) * 30, i * 500], 70, 31));
      return [middle[0] + r * Math.cos(angle), middle[1] + 0.7 * r * Math.sin(angle)];
    }));
  });
  RIVERS.forEach((river, i) => feature('river', simplify(rivers[i], 2.5), river));
  feature('rail', railway, { ja: 'JR常磐線', en: 'JR Joban Line' });
  for (const [ja, en, lng, lat] of LABELS) feature('label', [toMeters([lng, lat])], { ja, en });
  return { view: VIEW, features };
}

// ---------------------------------------------------------------------------------------------------------------------
// Stops.

function placeStops(network) {
  const stops = [];
  const taken = new Set();
  const place = (p) => network.nodes[p];
  for (const [id, ja, en, lng, lat, category, weight] of NAMED_STOPS) {
    const node = network.nodeAt(toMeters([lng, lat]), (other) => !taken.has(other));
    taken.add(node);
    stops.push({ id, name: { ja, en }, node, zone: zoneOf(place(node)), category, weight, is_virtual: false });
  }
  const fast = network.sections.filter((s) => s.class === 'trunk' || s.class === 'motorway');
  const onTrunk = new Set(fast.flatMap((s) => [s.from, s.to]));
  /** Takes up to `count` of the nodes that `accept` takes, each as far from all other stops as can be. */
  const spread = (count, accept, apart, size) => {
    const chosen = [];
    while (chosen.length < count) {
      let best = null;
      network.nodes.forEach((p, node) => {
        if (onTrunk.has(node) || taken.has(node) || !accept(p)) return;
        let away = Infinity;
        for (const other of taken) away = Math.min(away, distance(p, place(other)));
        if (away > apart && (best === null || away > best.away)) best = { node, away };
      });
      if (best === null) break;
      taken.add(best.node);
      chosen.push({ node: best.node, weight: round(size * (1 + 0.5 * noise(place(best.node), 300, 41)), 2) });
    }
    return chosen;
  };
  const districts = DISTRICTS.map((district) => ({ ...district, ring: district.outline.map(toMeters) }));
  const virtual = spread(CENTRAL_STOPS, (p) => districts.some(({ ring }) => inside(p, ring)), 60, 0.9);
  for (const stop of virtual) Object.assign(stop, districts.find(({ ring }) => inside(place(stop.node), ring)));
  for (const hamlet of HAMLETS) {
    const middle = toMeters(hamlet.at);
    // Few people have moved back to the mountains.
    const size = zoneOf(middle) === '4' ? 0.15 : 0.45;
    const chosen = spread(hamlet.stops, (p) => distance(p, middle) < hamlet.radius * 1.25, 90, size);
    virtual.push(...chosen.map((stop) => ({ ...stop, ja: hamlet.ja, en: hamlet.en })));
  }
  for (const [lng, lat, category, weight] of OTHER_USES) {
    const p = toMeters([lng, lat]);
    const away = (stop) => distance(p, place(stop.node));
    const nearest = virtual.filter((s) => !s.category).reduce((a, b) => (away(b) < away(a) ? b : a));
    Object.assign(nearest, { category, weight });
  }
  // Numbered within each district from north to south.
  const order = [...new Set(virtual.map((s) => s.ja))];
  virtual.sort((a, b) => order.indexOf(a.ja) - order.indexOf(b.ja) || place(b.node)[1] - place(a.node)[1]);
  const counts = new Map();
  virtual.forEach(({ ja, en, node, category = 'home', weight }, i) => {
    const number = (counts.get(ja) ?? 0) + 1;
    counts.set(ja, number);
    stops.push({
      id: `v${String(i + 1).padStart(3, '0')}`, name: { ja: `${ja} ${number}`, en: `${en} ${number}` }, node,
      zone: zoneOf(place(node)), category, weight, is_virtual: true,
    });
  });
  return stops;
}

/** Fare zone by the distance to the town hall or the station, whichever is nearer. */
function zoneOf(p) {
  const hubs = NAMED_STOPS.filter(([id]) => id === 'townhall' || id === 'station').map((s) => toMeters([s[3], s[4]]));
  const away = Math.min(...hubs.map((hub) => distance(p, hub)));
  return away < 2000 ? '1' : away < 5000 ? '2' : away < 10000 ? '3' : '4';
}

// ---------------------------------------------------------------------------------------------------------------------
// The document.

function makeScenario() {
  const coast = [...curve(COAST_SOUTH.map(toMeters), 90), ...HARBOUR.map(toMeters), ...curve(COAST_NORTH.map(toMeters), 90).slice(1)];
  const sea = [...simplify(coast, 4), ...FAR_SEA.map(toMeters)];
  const rivers = RIVERS.map((river) => {
    const line = curve(river.points.map(toMeters), 30);
    // Brooks are drawn with few points and wander between them, but not where they meet their river.
    const wander = (p) => Math.min(150, distance(p, line.at(-1)) / 5);
    return simplify(river.ja ? line : line.map((p) => [p[0] + wander(p) * noise(p, 620, 61), p[1] + wander(p) * noise(p, 620, 62)]), 1.5);
  });
  const railway = simplify(curve(RAILWAY.map(toMeters), 30), 1);

  const graph = new Graph(layRoads(sea, rivers, railway));
  graph.tidy();
  const network = graph.contract();
  network.merge(36);
  const stops = placeStops(network);
  const { nodes, edges } = network.finish();
  const byId = new Map(stops.map((s) => [s.id, s]));

  return {
    version: 1,
    name: { ja: '浪江町', en: 'Namie' },
    about: {
      ja: '福島県浪江町の「なみえスマートモビリティ」は、アプリや電話、町なかのデジタル停留所から呼べる乗合サービスで、住民の帰還が進む町の足になっています。これは公開情報をもとに組み立てたモデルであり、実測の結果でも実際の利用記録でもありません。',
      en: 'Namie Smart Mobility, in Fukushima, runs shared vans that riders call by app, by phone or at digital stops, in a town to which people are returning. This is a model built from public information; it is neither a survey nor a record of real rides.',
    },
    assumptions: ASSUMPTIONS.map(([ja, en]) => ({ ja, en })),
    sources: SOURCES,
    seed: 1,
    day: {
      date: '2023-11-09', outdoor_c: 13,
      outdoor_by_month_c: [2.2, 2.6, 5.7, 10.7, 15.5, 18.9, 22.6, 24.2, 21, 15.5, 9.9, 4.7],
    },
    network: {
      speeds_kmh: { motorway: 80, trunk: 45, primary: 40, secondary: 32, residential: 22, service: 15 },
      nodes: nodes.map(([lng, lat]) => ({ lat, lng })),
      edges: edges.map(({ from, to, class: kind, shape }) => ({
        from, to, length_m: round(lengthInDegrees([nodes[from], ...shape, nodes[to]]), 1), class: kind,
        ...(shape.length ? { shape } : {}),
      })),
    },
    drawing: draw(sea, rivers, railway, edges, nodes),
    stops,
    service: {
      hours: [
        { days: ['mon', 'tue', 'wed'], opens: '08:30', closes: '18:00' },
        { days: ['thu', 'fri', 'sat'], opens: '08:30', closes: '21:30' },
      ],
      max_wait_s: 1200,
      detour_factor: 1.5,
      ride_limit: { factor: 1.5, slack_s: 600 },
      promise_window_s: 600,
      dwell: { per_request_s: 30, per_passenger_s: 5, per_wheelchair_s: 120 },
    },
    fares: {
      zones: [
        { id: '1', name: { ja: '中心部（2 km以内）', en: 'Centre (within 2 km)' }, adult_yen: 200 },
        { id: '2', name: { ja: '近郊（5 km以内）', en: 'Near (within 5 km)' }, adult_yen: 400 },
        { id: '3', name: { ja: '周辺（10 km以内）', en: 'Outer (within 10 km)' }, adult_yen: 600 },
        { id: '4', name: { ja: '津島方面（10 km以上）', en: 'Tsushima side (10 km and more)' }, adult_yen: 800 },
      ],
      night: { from: '19:00', surcharge_yen: 100 },
      free_share: 0.05,
    },
    depots: [
      {
        id: 'michinoeki', name: { ja: '道の駅なみえ', en: 'Michi-no-Eki Namie' }, node: byId.get('michinoeki').node,
        chargers: [{ count: 3, ...TWO_WAY }],
        site: SITE,
      },
    ],
    fleet: {
      vehicles: ['1', '2', '3'].map((id) => ({
        id, seats: 6, wheelchair_places: 1, depot: 'michinoeki',
        battery: {
          capacity_kwh: 36, initial_soc: 0.9, reserve_soc: 0.15, ...PACK, drive_kwh_per_km: 0.2, auxiliary_kw: 0.3,
          climate: { heat_below_c: 18, heating_kw_per_k: 0.12, cool_above_c: 24, cooling_kw_per_k: 0.1 },
        },
      })),
    },
    fixed_route: FIXED_ROUTE,
    costs: COSTS,
    demand: {
      factor: 1,
      generator: {
        trips_per_day: 40,
        by_weekday: [1, 0.95, 0.95, 1.1, 1.2, 0.8, 0],
        profile: PROFILE,
        categories: CATEGORIES,
        decay_min: 8,
        min_distance_m: 400,
        party_weights: [0.8, 0.15, 0.04, 0.01],
        wheelchair_share: 0.02,
        booked_share: 0.3,
        booked_ahead_min: [30, 600],
      },
      trips: [],
    },
    policies: {
      // Half a second of driving for a second of the rider's: shorter waits and detours for nearly the same distance.
      matching: { kind: 'insertion', objective: { waiting: 0.5, riding: 0.5 } },
      rebalancing: { kind: 'stay' },
      charging: { kind: 'immediate', below_soc: 0.6 },
    },
  };
}

/** JSON with one item a line for lists of objects, so that a change shows as the lines that changed. */
function write(value, indent = '') {
  const inner = `${indent}  `;
  const flat = JSON.stringify(value);
  const isObject = typeof value === 'object' && value !== null;
  if (!isObject || flat.length < 100) return flat;
  if (Array.isArray(value)) {
    if (typeof value[0] !== 'object') return flat;
    return `[\n${value.map((item) => inner + JSON.stringify(item)).join(',\n')}\n${indent}]`;
  }
  return `{\n${Object.entries(value).map(([k, v]) => `${inner}${JSON.stringify(k)}: ${write(v, inner)}`).join(',\n')}\n${indent}}`;
}

/** Everything that must hold, whatever is changed above. */
function problems(scenario) {
  const found = [];
  const { nodes, edges } = scenario.network;
  const next = nodes.map(() => []);
  for (const { from, to } of edges) {
    next[from].push(to);
    next[to].push(from);
  }
  const seen = new Set([0]);
  for (const id of seen) for (const other of next[id]) seen.add(other);
  if (seen.size !== nodes.length) found.push(`${nodes.length - seen.size} nodes cannot be reached`);
  if (nodes.length < 300 || nodes.length > 600) found.push(`${nodes.length} nodes, not 300 to 600`);
  const sea = scenario.drawing.features.find((f) => f.kind === 'sea').points;
  const wet = nodes.filter((n) => inside([n.lng, n.lat], sea));
  if (wet.length) found.push(`in the sea: ${JSON.stringify(wet)}`);
  const ids = new Set(scenario.stops.map((s) => s.id));
  if (ids.size !== scenario.stops.length) found.push('two stops with one id');
  const places = new Set(scenario.stops.map((s) => s.node));
  if (places.size !== scenario.stops.length) found.push('two stops at one node');
  for (const { category, departs, arrives } of scenario.demand.generator.categories) {
    if (departs.length !== 24 || arrives.length !== 24) found.push(`${category}: not 24 hours`);
  }
  return found;
}

const path = fileURLToPath(new URL('namie.json', import.meta.url));
const scenario = makeScenario();
const text = `${write(scenario)}\n`;
const wrong = problems(scenario);
if (wrong.length) {
  console.error(`namie.mjs: ${wrong.join('; ')}`);
  process.exit(1);
}
if (process.argv.includes('--check')) {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
    console.error('namie.json is not what namie.mjs makes: run `node src/scenario/towns/namie.mjs`');
    process.exit(1);
  }
} else {
  writeFileSync(path, text);
  const { nodes, edges } = scenario.network;
  const size = `${text.length} characters, ${gzipSync(text).length} bytes compressed`;
  console.log(`namie.json: ${nodes.length} nodes, ${edges.length} edges, ${scenario.stops.length} stops, ${size}`);
}
