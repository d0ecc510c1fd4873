// The pages of devices and printers: the state keeps itself fresh, and a form shows only the fields that count now.
import { find, findAll } from './lib/dom.js';
import { keepRenewed } from './lib/renew.js';

const EVERY_MS = 5000;

/** Fields that belong to another choice are neither shown nor sent nor asked for. */
function chooseFields() {
  findAll('[data-shows]').forEach((select) => {
    const parts = findAll(`[data-shown-by="${select.dataset.shows}"]`);
    const choose = () =>
      parts.forEach((part) => {
        const counts = part.dataset.when.split(' ').includes(select.value);
        part.hidden = !counts;
        findAll('input, select', part).forEach((field) => (field.disabled = !counts));
      });
    select.addEventListener('change', choose);
    select.form.noValidate = false; // now that nothing asked for is hidden, the browser may check
    choose();
  });
}

/** Narrow paper only where the model takes wider too, and the model's own roll as the suggestion. */
function followModel() {
  const select = find('[data-model]');
  if (!select) return;
  const width = find('[data-width]');
  const roll = find('[data-roll]:not(option)');
  const follow = () => {
    const { dots, roll: metres } = select.selectedOptions[0].dataset;
    const may = Number(dots) > Number(width.dataset.width);
    width.hidden = !may;
    find('select', width).disabled = !may;
    roll.placeholder = metres;
  };
  select.addEventListener('change', follow);
  follow();
}

chooseFields();
followModel();
keepRenewed('data-renew', EVERY_MS);
