/** What an operator should know before a run, in words. */

import type { Warning } from '../plan.ts';
import { restoreCommand } from '../words/commands.ts';
import { lastFour } from '../words/mask.ts';
import { counted } from '../words/words.ts';

/** What every release means, whatever the connector is. */
export function ofEveryRelease(voiceConnectorId: string, restoreMachine: string): Warning[] {
  return [
    {
      code: 'CallsStop',
      message: 'Calls stop at minute one: the window saves the numbers, not the service.',
      wayOut: `Until the window ends, all of it can be undone: ${restoreCommand(restoreMachine, voiceConnectorId)}`,
    },
    {
      code: 'PortOutUnseen',
      message: 'Whether a number is being ported out cannot be seen through the API.',
      wayOut:
        'Ask whoever orders ports for you: take a number that is being ported off the connector before the run.',
    },
  ];
}

/** A connector without numbers has no window. */
export const noWindow: Warning = {
  code: 'NoWindow',
  message:
    'There are no numbers, and so no deletion window: the connector is deleted at once, which cannot be undone.',
  wayOut: 'Its configuration stays in the ledger, to build it again; it would have another id and host name.',
};

/** Emergency calls stop as well. */
export const emergencyCalling: Warning = {
  code: 'EmergencyCalling',
  message: 'Emergency calling is configured: emergency calls through this connector stop as well.',
  wayOut: 'Make sure that whoever calls through it has another way to emergency services.',
};

/** The number that the connector shows by default goes; masked to its last four digits. */
export function defaultCallingNumber(e164: string): Warning {
  return {
    code: 'DefaultCallingNumber',
    message: `The connector's default calling number (${lastFour(e164)}) is among the numbers that go.`,
    wayOut: 'Move it to another connector before the run, if it is to be kept.',
  };
}

/** User names are kept, passwords cannot be. */
export function credentialsGo(count: number): Warning {
  return {
    code: 'CredentialsGo',
    message: `${counted(count, 'termination credential')} will go with the connector; the ledger keeps the user names, and passwords cannot be read.`,
    wayOut: 'Make sure that no equipment depends on them.',
  };
}

/** Somebody may be listening to the media. */
export const streamingGoes: Warning = {
  code: 'StreamingGoes',
  message: 'Media streaming is on, and goes with the connector.',
  wayOut: 'Make sure that nothing depends on its streams and events.',
};

/** It was asked for with `detachFromGroups`. */
export function leavesGroups(names: readonly string[]): Warning {
  return {
    code: 'LeavesGroups',
    message: `Before it is deleted, the connector will be taken out of ${counted(names.length, 'Voice Connector group')}: ${names.join(', ')}.`,
    wayOut: 'Leave "detachFromGroups" out if it is to stay.',
  };
}

/** The blocker `InUse`, overridden. */
export function callsOverridden(message: string): Warning {
  return {
    code: 'CallsOverridden',
    message,
    wayOut: 'Leave "overrides" out if calls are to refuse the run.',
  };
}

/** What this deployment cannot look at, or was told not to. */
export function unchecked(what: string, wayOut: string): Warning {
  return { code: 'Unchecked', message: `Not checked: ${what}.`, wayOut };
}

/** The snapshot is not whole; `parts` has the name of the error by the part. */
export function unreadable(parts: Readonly<Record<string, string>>): Warning {
  const shown = Object.entries(parts).map(([part, error]) => `${part} (${error})`);
  return {
    code: 'Unreadable',
    message: `The service would not show these parts of the configuration, and the snapshot lacks them: ${shown.join(', ')}.`,
    wayOut: 'Note them down in the console, if they matter.',
  };
}

/** A resumed run leaves these to whoever took them. */
export function reclaimed(count: number): Warning {
  return {
    code: 'Reclaimed',
    message: `Taken back by somebody since the earlier run, and left alone: ${counted(count, 'number')}.`,
    wayOut: 'They are no longer part of this teardown: nothing needs to be done about them.',
  };
}

/** Taken off the connector by the earlier run, it seems, which did not live to note it. */
export function offConnector(count: number): Warning {
  return {
    code: 'OffConnector',
    message: `Off the connector since the earlier run, and still part of the plan: ${counted(count, 'number')}.`,
    wayOut: 'One that is to be kept must be on another connector before the run is resumed.',
  };
}
