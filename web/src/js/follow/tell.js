/** Asking to be told by message: the channels this centre offers, an address for one, and consent in words. */
import { api, newKey } from '../lib/api.js';
import { find, make, put, say } from '../lib/dom.js';

const INPUTS = { email: { type: 'email', autocomplete: 'email', maxlength: 254 }, phone: { type: 'tel', autocomplete: 'tel', maxlength: 20 } };

export function createTell(token, texts) {
  const section = find('#tell');
  const path = `/follow/${encodeURIComponent(token)}`;
  const english = document.documentElement.lang === 'en';
  let asked = false;

  function trouble(answer) {
    say(find('#tell-trouble'), answer.error.code === 'network' ? texts.no_network : answer.error.message);
  }

  async function change(method, where, body) {
    say(find('#tell-trouble'), '');
    const answer = await api(method, `${path}${where}`, body, { idempotencyKey: newKey() });
    if (!answer.data) return trouble(answer);
    draw(answer.data);
    find('summary', section).focus();
  }

  function subscribed(channel, name) {
    return make(
      'div',
      { class: 'tell__channel' },
      make('p', { class: 'tell__name' }, `${name}: ${channel.shown}`),
      make('button', { class: 'button', type: 'button', onclick: () => change('DELETE', `/contact/${encodeURIComponent(channel.key)}`) }, texts.tell_stop),
    );
  }

  function form(channel, name, consent) {
    const id = `tell-${channel.key}`;
    const address = make('input', { class: 'field__input', id, name: 'address', required: true, ...(INPUTS[channel.address_kind] || INPUTS.phone) });
    const agreed = make('input', { type: 'checkbox', id: `${id}-agreed`, required: true });
    const submit = (event) => {
      event.preventDefault();
      change('POST', '/contact', { channel: channel.key, address: address.value.trim(), consent: agreed.checked });
    };
    return make(
      'form',
      { class: 'tell__channel', onsubmit: submit },
      make('label', { class: 'field__label', for: id }, name),
      address,
      make('label', { class: 'tell__consent', for: `${id}-agreed` }, agreed, make('span', {}, consent)),
      make('button', { class: 'button button--primary', type: 'submit' }, texts.tell_start),
    );
  }

  function draw({ channels, consent }) {
    section.hidden = channels.length === 0;
    put(
      find('#tell-channels'),
      channels.map((channel) => {
        const name = (english && channel.title_en) || channel.title;
        return channel.subscribed ? subscribed(channel, name) : form(channel, name, consent);
      }),
    );
  }

  /** The channels are asked for once, while there is still something to be told. */
  return async function offer(ticket) {
    const useful = ticket.state === 'waiting' || ticket.state === 'expected';
    if (!useful) section.hidden = true;
    if (!useful || asked) return;
    asked = true;
    const answer = await api('GET', `${path}/channels`);
    if (answer.data) draw(answer.data);
    else asked = false; // offline for a moment: asked again with the next look
  };
}
