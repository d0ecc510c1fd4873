// The sign-in form works without this; here it learns to show the password and to refuse a second press.
import { find, pageData, say } from './lib/dom.js';

const form = find('#form');
if (form) {
  const { texts } = pageData();
  const password = find('#password');
  const reveal = find('#reveal');
  const caps = find('#caps');
  const go = find('[type=submit]', form);

  reveal.hidden = false;
  reveal.addEventListener('click', () => {
    const shown = password.type === 'password';
    password.type = shown ? 'text' : 'password';
    reveal.setAttribute('aria-pressed', String(shown));
    say(reveal, shown ? texts.hide : texts.show);
    password.focus();
  });

  password.addEventListener('keyup', (event) => {
    caps.hidden = !(event.getModifierState && event.getModifierState('CapsLock'));
  });

  form.addEventListener('submit', () => {
    password.type = 'password';
    go.disabled = true;
    say(go, texts.working);
  });
  // Coming back by the browser's back button brings the page back as it was left.
  window.addEventListener('pageshow', () => {
    go.disabled = false;
  });
}
