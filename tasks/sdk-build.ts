import { installed, runStep } from './step.ts'

/** Builds what `holdfast run` loads into an agent's own Node, which may not read TypeScript; quick where nothing changed. */
export async function buildSdk(): Promise<boolean> {
  return runStep({
    name: 'building the module for agents (tsc)',
    args: [installed('typescript/bin/tsc'), '--build', 'packages/sdk'],
  })
}
