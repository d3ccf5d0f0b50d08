declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A local DynamoDB; in memory unless `path` is given. Times in ms. */
  export default function dynalite(options?: {
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }): Server;
}
