// The voice page without reloads: hear a sentence, record one piece after the other, hear them again.
import { find, findAll, pageData, say } from './lib/dom.js';
import { canRecord, startRecording, toWav } from './voice/recorder.js';

const { longest, texts } = pageData();
const desk = find('#desk');
const { language } = desk.dataset;
const status = find('#status');
const record = find('#record');
const listen = find('#listen');
const remove = find('#delete');
const upload = find('#upload');
const csrf = find('input[name=csrf_token]', upload).value;

let context = null;
let recording = null;
let sounding = null;

/** A browser lends its loudspeaker only after a tap; so this is made in one. */
function sound() {
  context = context || new (window.AudioContext || window.webkitAudioContext)();
  context.resume();
  return context;
}

async function play(address) {
  const audio = sound();
  const response = await fetch(address, { credentials: 'same-origin', headers: { Accept: 'audio/wav, application/json' } });
  if (!response.ok) throw new Error(await reason(response));
  const buffer = await audio.decodeAudioData(await response.arrayBuffer());
  if (sounding) sounding.stop();
  sounding = audio.createBufferSource();
  sounding.buffer = buffer;
  sounding.connect(audio.destination);
  const ended = new Promise((done) => (sounding.onended = done));
  sounding.start();
  await ended;
}

async function reason(response) {
  try {
    return (await response.json()).error.message || texts.failed;
  } catch {
    return texts.failed;
  }
}

/** Sends a form to the server as a script does; answers how far the voice is. */
async function send(address, body = new FormData()) {
  body.set('csrf_token', csrf);
  const response = await fetch(address, { method: 'POST', body, credentials: 'same-origin', headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(await reason(response));
  return response.json();
}

const chosen = () => find('.voice-piece[aria-current="true"]');
const addressOf = (piece) => `/admin/voice/${language}/${piece.dataset.piece}`;
const isRecorded = (piece) => piece.classList.contains('is-recorded');

function choose(piece) {
  if (recording) return;
  chosen().removeAttribute('aria-current');
  piece.setAttribute('aria-current', 'true');
  history.replaceState(null, '', piece.getAttribute('href'));
  say(find('#text'), piece.firstElementChild.textContent);
  listen.href = `${addressOf(piece)}.wav`;
  remove.action = `${addressOf(piece)}/delete`;
  upload.action = addressOf(piece);
  upload.reset();
  showChosen();
}

function showChosen() {
  const there = isRecorded(chosen());
  listen.hidden = !there;
  remove.hidden = !there;
  if (!recording) say(record, there ? texts.again : texts.record);
}

function mark(piece, recorded, progress) {
  piece.classList.toggle('is-recorded', recorded);
  say(piece.lastElementChild, ` ${recorded ? texts.recorded : texts.missing}`);
  const shown = texts.progress.replace('{n}', progress.recorded).replace('{total}', progress.total);
  say(find('#recorded'), shown);
  find('#progress').value = progress.recorded;
  say(find('.voice-languages [aria-current] .number'), `${progress.recorded} / ${progress.total}`);
  showChosen();
}

/** On to the next piece that still has to be recorded; the list's own order, from here and around. */
function goOn(piece) {
  const all = findAll('.voice-piece').filter((each) => each.dataset.needed === piece.dataset.needed);
  const at = all.indexOf(piece);
  const next = [...all.slice(at + 1), ...all.slice(0, at)].find((each) => !isRecorded(each));
  if (next) choose(next);
}

async function keep(piece, file) {
  say(status, texts.sending);
  const body = new FormData();
  body.append('file', file, 'piece.wav');
  mark(piece, true, await send(addressOf(piece), body));
  say(status, texts.saved);
}

async function recordOrStop() {
  if (recording) {
    recording.stop();
    return;
  }
  const piece = chosen();
  try {
    recording = await startRecording(sound(), longest, (level) => (find('#level').value = level));
  } catch {
    say(status, texts.refused);
    return;
  }
  find('.voice-desk').classList.add('is-recording');
  say(record, texts.stop);
  say(status, texts.recording);
  const heard = await recording.done;
  recording = null;
  find('.voice-desk').classList.remove('is-recording');
  await trying(async () => {
    const first = !isRecorded(piece);
    await keep(piece, await toWav(heard, sound(), longest));
    await play(`${addressOf(piece)}.wav`);
    if (first) goOn(piece);
  });
  showChosen();
}

async function trying(act) {
  try {
    await act();
  } catch (problem) {
    say(status, problem.message || texts.failed);
  }
}

find('.voice-pieces').addEventListener('click', (event) => {
  const piece = event.target.closest('.voice-piece');
  if (!piece) return;
  event.preventDefault();
  choose(piece);
  say(status, '');
  if (isRecorded(piece)) trying(() => play(`${addressOf(piece)}.wav`));
});
listen.addEventListener('click', (event) => {
  event.preventDefault();
  trying(() => play(listen.href));
});
remove.addEventListener('submit', (event) => {
  event.preventDefault();
  const piece = chosen();
  trying(async () => {
    mark(piece, false, await send(remove.action));
    say(status, texts.deleted);
    record.focus();
  });
});
upload.addEventListener('submit', (event) => {
  event.preventDefault();
  const piece = chosen();
  trying(async () => {
    await keep(piece, find('#file').files[0]);
    upload.reset();
    await play(`${addressOf(piece)}.wav`);
  });
});
find('#try').addEventListener('submit', (event) => {
  event.preventDefault();
  const asked = new URLSearchParams(new FormData(event.target));
  say(find('#said'), texts.speaking);
  play(`/admin/voice/try.wav?${asked}`).then(
    () => say(find('#said'), texts.spoken),
    (problem) => say(find('#said'), problem.message || texts.failed),
  );
});

record.hidden = !canRecord();
if (record.hidden) say(status, texts.insecure);
else record.addEventListener('click', recordOrStop);
showChosen();
