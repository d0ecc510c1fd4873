/** Turns the pairing code into this device's right to be a kiosk or a board, then opens its page. */
import { api } from './lib/api.js';
import { find, pageData, say } from './lib/dom.js';
import { fill } from './lib/format.js';
import { drawKeyboard } from './kiosk/keyboard.js';

const { alphabet, length, texts } = pageData();
const code = find('#code');
const button = find('#go');
const problem = find('#problem');
const half = Math.ceil(alphabet.length / 3);

/** Upper case, in two groups of four: "K7Q2 M4XA". */
function tidy() {
  const kept = Array.from(code.value.toUpperCase()).filter((letter) => /[A-Z0-9]/.test(letter)).slice(0, length).join('');
  code.value = kept.length > 4 ? `${kept.slice(0, 4)} ${kept.slice(4)}` : kept;
  say(problem, '');
  code.removeAttribute('aria-invalid');
}

function refuse(text) {
  code.setAttribute('aria-invalid', 'true');
  say(problem, text);
  code.focus();
  code.select();
}

find('#pairing').addEventListener('submit', async (event) => {
  event.preventDefault();
  const plain = code.value.replace(/\s/g, '');
  if (plain.length < length) {
    refuse(fill(texts.too_short, { n: length }));
    return;
  }
  button.disabled = true;
  say(button, texts.busy);
  const { data, error } = await api('POST', '/devices/pair', { code: plain });
  if (data) {
    find('#pairing').hidden = true;
    find('#done').hidden = false;
    say(find('#done'), fill(texts.done, { name: data.device.name }));
    location.assign(data.open);
    return;
  }
  button.disabled = false;
  say(button, texts.go);
  refuse(error.code === 'network' ? texts.network : error.message || texts.failed);
});

code.addEventListener('input', tidy);
drawKeyboard(find('#keyboard'), code, { delete: texts.delete, clear: texts.clear }, [
  alphabet.slice(0, half),
  alphabet.slice(half, 2 * half),
  alphabet.slice(2 * half),
]);
