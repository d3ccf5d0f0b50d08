/** The names under which CloudWatch has what the functions count. */

export const metricNamespace = 'VoiceConnectorTeardown';

/** Requests to Chime, and those of them that it throttled. */
export const callMetricNames = { calls: 'ChimeCalls', throttled: 'ChimeThrottled' } as const;
