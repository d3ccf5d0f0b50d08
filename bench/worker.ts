/** A child process of ./crew.ts: carries out each order that it is sent, and sends back what that came to. */
import { measure } from './contest.ts';
import type { Order } from './crew.ts';
import { measureHeld } from './held.ts';

process.on('message', async (order: Order) => {
  process.send?.('heldOf' in order ? await measureHeld(order.heldOf) : await measure(order));
});
