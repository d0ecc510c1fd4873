// A question before something that cannot be taken back.
import { byId, whenClosed, write } from './view.js';

/** Resolves to true when the officer says yes. */
export async function ask({ title, text, yes }) {
  const dialog = byId('ask');
  write(byId('ask-title'), title);
  write(byId('ask-text'), text);
  write(byId('ask-yes'), yes);
  dialog.returnValue = '';
  dialog.showModal();
  byId('ask-yes').focus();
  return (await whenClosed(dialog)) === 'yes';
}
