/** How the screen is shown to this visitor: text size, contrast, lowered buttons. Gone with the visit. */
import { find } from '../lib/dom.js';

const SIZES = 3;
const root = document.documentElement;

function press(button, on) {
  button.setAttribute('aria-pressed', String(on));
}

export const isComforted = () => Boolean(root.dataset.size || root.dataset.contrast || root.dataset.low);

export function resetComfort() {
  ['size', 'contrast', 'low'].forEach((name) => delete root.dataset[name]);
  press(find('#contrast'), false);
  press(find('#lower'), false);
}

/** Wires the bar at the bottom; `onChange` is called after each change of layout. */
export function wireComfort(onChange) {
  find('#text-size').addEventListener('click', () => {
    const next = (Number(root.dataset.size || 1) % SIZES) + 1;
    if (next === 1) delete root.dataset.size;
    else root.dataset.size = String(next);
    onChange();
  });
  const toggle = (button, name, value) =>
    button.addEventListener('click', () => {
      const on = !root.dataset[name];
      if (on) root.dataset[name] = value;
      else delete root.dataset[name];
      press(button, on);
      onChange();
    });
  toggle(find('#contrast'), 'contrast', 'high');
  toggle(find('#lower'), 'low', 'yes');
}
