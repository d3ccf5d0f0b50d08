/** A child process of ./crew.ts: plays each day that it is sent, and sends back how that went. */
import { type Order, playOrder } from './crew.ts';

process.on('message', async (order: Order) => {
  process.send?.(await playOrder(order));
});
