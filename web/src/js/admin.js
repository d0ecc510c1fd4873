// The admin's forms work without this; it asks before what hurts, copies what is shown once, and counts down.
import { find, findAll, pageData, say } from './lib/dom.js';

const { texts } = pageData();

function askFirst() {
  const dialog = find('#confirm');
  if (!dialog || typeof dialog.showModal !== 'function') return;
  const yes = find('#confirm-yes');
  let asking = null;

  findAll('form[data-ask]').forEach((form) => {
    form.addEventListener('submit', (event) => {
      if (form.dataset.answered) return;
      event.preventDefault();
      asking = form;
      say(find('#confirm-title'), form.dataset.ask);
      say(find('#confirm-text'), form.dataset.about);
      say(yes, form.dataset.yes || texts.yes);
      dialog.showModal();
    });
  });
  yes.addEventListener('click', () => {
    dialog.close();
    asking.dataset.answered = 'yes';
    asking.requestSubmit ? asking.requestSubmit() : asking.submit();
  });
  find('[data-close]', dialog).addEventListener('click', () => dialog.close());
}

function sendOnce() {
  document.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    // After the event, so that a pressed button's own value still goes with the form.
    setTimeout(() => findAll('button[type=submit]', event.target).forEach((button) => (button.disabled = true)));
  });
  window.addEventListener('pageshow', () => {
    findAll('button[type=submit]').forEach((button) => (button.disabled = false));
  });
}

function copyButtons() {
  findAll('[data-copy]').forEach((button) => {
    const text = () => find(`#${button.dataset.copy}`).textContent.trim();
    if (!navigator.clipboard) {
      button.hidden = true; // without https a browser lets no page write the clipboard; the text can be selected
      return;
    }
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(text());
      say(button, texts.copied);
    });
  });
}

function countDown() {
  const shown = find('[data-until]');
  if (!shown) return;
  const until = Date.parse(shown.dataset.until);
  const tick = () => {
    const left = Math.max(0, Math.round((until - Date.now()) / 1000));
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    say(shown, left ? texts.left.replace('{n}', clock) : texts.lapsed);
  };
  tick();
  setInterval(tick, 1000);
}

askFirst();
sendOnce();
copyButtons();
countDown();
const atFault = find('[aria-invalid="true"]');
if (atFault) atFault.focus();
