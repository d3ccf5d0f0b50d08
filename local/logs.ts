import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { Logger } from '@aws-lambda-powertools/logger';

/** The functions' own logger; only where its lines go is different. */
export function loggerTo(onLog: (line: string) => void): Logger {
  const sink = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      for (const line of String(chunk).split('\n')) if (line !== '') onLog(line);
      done();
    },
  });
  const logger = new Logger({ serviceName: 'voice-connector-teardown' });
  Reflect.set(logger, 'console', new Console({ stdout: sink, stderr: sink }));
  return logger;
}
