// Shipped to users for their own tests: a clock they move, and a message queue without a server.
export { createFakeClock } from './fake-clock.ts';
export type { FakeClock } from './fake-clock.ts';
export { createInMemoryProvider } from '../messaging/providers/in-memory.ts';
export type { InMemoryProvider } from '../messaging/providers/in-memory.ts';
