// Shows a notice as the board will, while it is written; brings the focus back to the button that moved one.
import { find, say } from './lib/dom.js';

function preview(field, shown) {
  const input = find(field);
  const text = find(shown);
  if (input && text) input.addEventListener('input', () => say(text, input.value));
}

function previewPicture() {
  const input = find('#f-picture');
  const shown = find('#preview-picture');
  if (!input || !shown) return;
  input.addEventListener('change', () => {
    const [file] = input.files;
    shown.hidden = !file;
    if (!file) return;
    const reader = new FileReader(); // as data: the page's policy allows no other address
    reader.onload = () => {
      shown.src = reader.result;
    };
    reader.readAsDataURL(file);
  });
}

preview('#f-text', '#preview-text');
preview('#f-text_en', '#preview-english');
previewPicture();
const moved = find('[data-focus]');
if (moved) moved.focus();
