/** The pages for the phone at home: choose and send a wish, look after an appointment, say that one is here. */
import { find, pageData } from './lib/dom.js';
import { wireAppointment } from './take/appointment.js';
import { wireArrival } from './take/arrive.js';
import { wireSearch } from './take/choose.js';
import { wireWish } from './take/wish.js';

const data = pageData();

if (data.kind === 'arrive') wireArrival(data);
else if (data.kind === 'appointment') wireAppointment(data);
else {
  if (find('#query')) wireSearch(data);
  if (find('#wish')) wireWish(data);
}
