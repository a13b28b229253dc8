// nlp.js under measurement: node understand.js INPUT.json OUTPUT.json, run where its packages are installed.
// The setting is chosen by cross-validation on the training rows alone, then everything is taught again with it.
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

const here = createRequire(path.join(process.cwd(), 'package.json'));
const { containerBootstrap } = here('@nlpjs/core');
const { NluNeural } = here('@nlpjs/nlu');
const languages = { en: here('@nlpjs/lang-en').LangEn, it: here('@nlpjs/lang-it').LangIt };

const FOLDS = 3;
// The first one is the default. The default learning rate of 0.6 does not converge on many intents.
const GRID = [0.6, 0.1, 0.03].flatMap((learningRate) =>
  [true, false].flatMap((useNoneFeature) =>
    [true, false].map((stemming) => ({ learningRate, useNoneFeature, stemming }))
  )
);

async function taught(rows, language, setting) {
  const container = await containerBootstrap();
  container.use(languages[language]);
  if (!setting.stemming) container.register(`stemmer-${language}`, { stem: (tokens) => tokens }, true);
  const nlu = new NluNeural(
    { locale: language, log: false, learningRate: setting.learningRate, useNoneFeature: setting.useNoneFeature },
    container
  );
  await nlu.train(rows.map(([intent, utterance]) => ({ intent, utterance })));
  // 'None' is what nlp.js says when it knows nothing; as an answer it counts only where it was taught.
  const known = new Set(rows.map(([intent]) => intent));
  return async (text) => {
    const { classifications } = await nlu.process(text);
    return classifications.find((one) => known.has(one.intent)) || { intent: '', score: 0 };
  };
}

/** Fold numbers, spread evenly within each intent, in the order of the file. */
function foldsOf(rows) {
  const met = {};
  return rows.map(([intent]) => {
    met[intent] = (met[intent] || 0) + 1;
    return met[intent] % FOLDS;
  });
}

async function rightOf(rows, language, setting) {
  const folds = foldsOf(rows);
  let right = 0;
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const answer = await taught(rows.filter((_, row) => folds[row] !== fold), language, setting);
    for (let row = 0; row < rows.length; row += 1) {
      if (folds[row] === fold && (await answer(rows[row][1])).intent === rows[row][0]) right += 1;
    }
  }
  return right;
}

/** At most so many rows of each intent, or tuning on the large sets would take half an hour. */
function thinned(rows, most) {
  const met = {};
  return rows.filter(([intent]) => {
    met[intent] = (met[intent] || 0) + 1;
    return met[intent] <= most;
  });
}

async function tuned(rows, language) {
  const sample = thinned(rows, 10);
  let best = { right: -1 };
  for (const setting of GRID) {
    const right = await rightOf(sample, language, setting);
    if (right > best.right) best = { ...setting, right };
  }
  delete best.right;
  return best;
}

async function main() {
  const [input, output] = process.argv.slice(2);
  const { language, train, ask } = JSON.parse(fs.readFileSync(input, 'utf8'));
  const setting = await tuned(train, language);
  const begun = process.hrtime.bigint();
  const answer = await taught(train, language, setting);
  const trainS = Number(process.hrtime.bigint() - begun) / 1e9;
  const labels = [];
  const scores = [];
  const times = [];
  for (const text of ask) {
    const before = process.hrtime.bigint();
    const { intent, score } = await answer(text);
    times.push(Number(process.hrtime.bigint() - before) / 1e6);
    labels.push(intent);
    scores.push(score);
  }
  times.sort((a, b) => a - b);
  const p50 = times[Math.floor(times.length / 2)];
  fs.writeFileSync(output, JSON.stringify({ labels, scores, train_s: trainS, p50_ms: p50, note: JSON.stringify(setting) }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
