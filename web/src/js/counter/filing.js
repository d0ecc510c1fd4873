// Step 4, first half: how the dossier comes in and how its result goes out.
import { needsPostmark } from './draft.js';
import { byId, show } from './view.js';

const ONLINE_FROM = 3;

/** `onChange()` after every choice, `onReckon()` when due date or fees may be other now. */
export function filingStep({ form, draft, texts, onChange, onReckon }) {
  const spot = byId('on-the-spot');

  /** Only what the procedure has a right to; a choice that is gone falls back to the desk. */
  function offer() {
    const { post_receive: receive, post_return: back, level, on_the_spot: onTheSpot } = draft().procedure;
    allow('channel', 'post', receive, 'in_person');
    allow('channel', 'online', level >= ONLINE_FROM, 'in_person');
    allow('delivery', 'post', back, 'counter');
    show(byId('spot'), Boolean(onTheSpot));
    if (!onTheSpot) draft().onTheSpot = false;
    draw();
  }

  function allow(name, value, allowed, desk) {
    form.elements[name].forEach((radio) => {
      if (radio.value === value) radio.disabled = !allowed;
    });
    if (!allowed && draft()[name] === value) draft()[name] = desk;
  }

  function draw() {
    const postmark = needsPostmark(draft());
    const deliver = draft().delivery === 'post';
    for (const name of ['channel', 'delivery']) form.elements[name].value = draft()[name];
    spot.checked = draft().onTheSpot;
    show(byId('postmark-field'), postmark);
    show(byId('deliver-field'), deliver);
    show(byId('filing-more'), postmark || deliver);
  }

  const handlers = {
    channel: (control) => (draft().channel = control.value),
    delivery: (control) => (draft().delivery = control.value),
    postmark_on: (control) => (draft().postmark = control.value),
    deliver_to: (control) => (draft().applicant.deliver_to = control.value),
    on_the_spot: (control) => (draft().onTheSpot = control.checked),
  };

  form.addEventListener('input', ({ target }) => {
    if (!(target.name in handlers)) return;
    handlers[target.name](target);
    draft().touched = true;
    draw();
    onChange();
    if (target.name === 'channel' || target.name === 'postmark_on') onReckon();
  });

  return {
    offer,
    /** [field, sentence] of the first thing that keeps the officer here; null when there is none. */
    problem() {
      if (needsPostmark(draft()) && !draft().postmark) return ['postmark_on', texts.postmarkNeeded];
      const { address, deliver_to: deliverTo } = draft().applicant;
      if (draft().delivery === 'post' && !(address || '').trim() && !(deliverTo || '').trim()) {
        return ['deliver_to', texts.deliverNeeded];
      }
      return null;
    },
  };
}
