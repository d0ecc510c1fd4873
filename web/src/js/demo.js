// The virtual printer's tray fills by itself.
import { find } from './lib/dom.js';
import { keepRenewed } from './lib/renew.js';

const EVERY_MS = 1500;

keepRenewed('data-papers', EVERY_MS, (tray, before) => {
  const newest = find('.papers__one', tray);
  if (newest && tray.dataset.newest !== before.dataset.newest) newest.classList.add('is-new');
});
