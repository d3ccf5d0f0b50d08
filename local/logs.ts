import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { productMetrics } from '../lambda/aws/measure.ts';

/** The functions' own metrics; only where their lines go is different. */
export function metricsTo(onLog: (line: string) => void): Metrics {
  const metrics = productMetrics();
  Reflect.set(metrics, 'console', consoleTo(onLog));
  return metrics;
}

/** The functions' own logger; only where its lines go is different. */
export function loggerTo(onLog: (line: string) => void): Logger {
  const logger = new Logger({ serviceName: 'voice-connector-teardown' });
  Reflect.set(logger, 'console', consoleTo(onLog));
  return logger;
}

function consoleTo(onLog: (line: string) => void): Console {
  const sink = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      for (const line of String(chunk).split('\n')) if (line !== '') onLog(line);
      done();
    },
  });
  return new Console({ stdout: sink, stderr: sink });
}
