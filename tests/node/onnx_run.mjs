// What ONNX files say, by onnxruntime, beside what Weir says of the same.
// onnx_run.mjs PREFIX DIR    onnxruntime-node is npm's, installed below PREFIX; for each DIR/NAME.onnx: its outputs, of the
//                            flows in DIR/NAME.csv or of the symbols in DIR/NAME.want, beside DIR/NAME.want.
//                            Prints the greatest differences; exit 1: too great.
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {resolve} from 'node:path';

const [prefix, folder] = process.argv.slice(2);
const {InferenceSession, Tensor} = createRequire(resolve(prefix) + '/')('onnxruntime-node');
const MOST = 1e-5;

// metadata_props, which onnxruntime does not hand out here: fields 14 of the model, of a key (1) and a value (2).
function* fields(bytes) {
  let at = 0;
  const varint = () => {
    let v = 0n, shift = 0n, byte;
    do {
      byte = bytes[at++];
      v |= BigInt(byte & 127) << shift;
      shift += 7n;
    } while (byte & 128);
    return Number(v);
  };
  while (at < bytes.length) {
    const tag = varint(), n = varint();
    if (tag % 8 === 2) at += n;
    yield [tag >> 3, tag % 8 === 2 ? bytes.subarray(at - n, at) : n];
  }
}
function notes(bytes) {
  const found = {};
  for (const [field, value] of fields(bytes)) {
    if (field !== 14) continue;
    const [[, key], [, text]] = fields(value);
    found[key.toString()] = text.toString();
  }
  return found;
}

const rows = (path) => readFileSync(path, 'utf8').trimEnd().split('\n').map((line) => line.split(','));
const greatest = (n, difference) => {
  let most = 0;
  for (let i = 0; i < n; i++) most = Math.max(most, difference(i));
  return most;
};
// The greatest difference; of numbers above 1 by their size.
const near = (got, want) => greatest(want.length, (i) => Math.abs(got[i] - want[i]) / Math.max(1, Math.abs(want[i])));

async function flows(session, note, path, want) {
  const [header, ...table] = rows(path);
  const inputs = {};
  for (const {name, shape} of session.inputMetadata) {
    const places = JSON.parse(note[name]).map((column) => header.indexOf(column));
    const flat = table.flatMap((row) => places.map((at) => (row[at] === '' ? Number(note.empty) : Number(row[at]))));
    inputs[name] = new Tensor('float64', flat, [table.length, ...shape.slice(1)]);
  }
  const got = await session.run(inputs);
  const wrong = want.filter((row, i) => row[0] !== got.verdict.data[i]).length;
  if (wrong > 0) throw new Error(`${wrong} of ${want.length} verdicts differ`);
  const classes = got.probabilities.dims[1], hidden = got.embedding.dims[1];
  const top = want.map((_, i) => Math.max(...got.probabilities.data.subarray(i * classes, (i + 1) * classes)));
  return {
    probabilities: near(top, want.map((row) => row[1])),
    novelty: near(got.novelty.data, want.map((row) => row[2])),
    embedding: greatest(want.length, (i) => near(got.embedding.data.subarray(i * hidden, (i + 1) * hidden), want[i].slice(3))),
  };
}

// All symbols at once; then one after the other, the state kept.
async function series(session, note, want) {
  const symbols = BigInt64Array.from(want.map((row) => BigInt(row[0])));
  const stated = session.inputMetadata.find(({name}) => name === 'state');
  const start = stated ? {state: new Tensor('float32', new Float32Array(stated.shape[1]), [1, stated.shape[1]])} : {};
  const right = want.flatMap((row) => row.slice(1));
  const whole = await session.run({...start, symbols: new Tensor('int64', symbols, [1, symbols.length])});
  const steps = [];
  for (let i = 0, state = start; i < symbols.length; i++) {
    const got = await session.run({...state, symbols: new Tensor('int64', symbols.subarray(i, i + 1), [1, 1])});
    steps.push(...got.probabilities.data);
    state = stated ? {state: got.next_state} : {};
  }
  return {probabilities: near(whole.probabilities.data, right), 'by steps': near(steps, right)};
}

let bad = false;
for (const file of readdirSync(folder).filter((name) => name.endsWith('.onnx')).sort()) {
  const path = `${folder}/${file.slice(0, -5)}`, want = rows(`${path}.want`);
  const note = notes(readFileSync(`${folder}/${file}`));
  const session = await InferenceSession.create(`${folder}/${file}`);
  const found = existsSync(`${path}.csv`) ? await flows(session, note, `${path}.csv`, want) : await series(session, note, want);
  console.log(file.slice(0, -5), want.length, ...Object.entries(found).map(([what, d]) => `${what} ${d.toExponential(1)}`));
  // The nearer a flow is to a known one, the more the last digits of the network tell.
  bad ||= Object.entries(found).some(([what, d]) => !(d < (what === 'novelty' ? 30 * MOST : MOST)));
}
process.exitCode = bad ? 1 : 0;
