import ora from 'ora';
import type { EngineEvent } from './engine-history.ts';
import type { World } from './world.ts';

/** Shows a run while it goes: one live line on a terminal, a line for each state that is left otherwise. */
export class Progress {
  readonly #spinner = ora({ stream: process.stdout, discardStdin: false });
  readonly #world: World;
  readonly #numbers: number;
  #retries = 0;
  readonly #stopListening: () => void;

  constructor(world: World, numbers: number) {
    this.#world = world;
    this.#numbers = numbers;
    this.#stopListening = world.clock.onAdvance(() => this.#show());
    if (this.#spinner.isEnabled) this.#spinner.start('Starting');
  }

  /** Takes note of an event of the execution. */
  onEvent({ type, state, index }: EngineEvent): void {
    if (type === 'StateRetried') this.#retries += 1;
    if (type === 'StateEntered' && state !== undefined) this.#show(state.name);
    const isLine =
      type === 'StateExited' && index === undefined && state?.type !== 'Choice' && state?.type !== 'Pass';
    if (isLine && state !== undefined)
      this.#spinner.succeed(`${this.#time()}  ${state.name}${this.#detail(state.name)}`);
    if (type === 'StateCaught' && state !== undefined) this.#spinner.fail(`${this.#time()}  ${state.name}`);
  }

  end(): void {
    this.#stopListening();
    this.#spinner.stop();
  }

  #show(name = this.#spinner.text.split('  ').at(-1) ?? ''): void {
    if (!this.#spinner.isEnabled) return;
    this.#spinner.start(`${this.#time()}  ${name}`);
  }

  /** Days and hours of virtual time since the start. */
  #time(): string {
    const hours = Math.floor(this.#world.clock.elapsedSeconds / 3_600);
    return `day ${Math.floor(hours / 24)}, ${String(hours % 24).padStart(2, '0')} h`;
  }

  #detail(name: string): string {
    const { queued } = this.#world.chime.remaining();
    if (name === 'Release phone numbers') {
      const retries = this.#retries === 0 ? '' : `, ${this.#retries} retries`;
      return `: ${queued} of ${this.#numbers} in the deletion queue${retries}`;
    }
    if (name === 'Take phone numbers out of the queue') return `: ${queued} left in the deletion queue`;
    return name === 'Wait until the last day' ? ' (six days, in virtual time)' : '';
  }
}
