import { spawnSync } from 'node:child_process'
import { CHART } from './chart-files.ts'

/** The program: HELM names another one than that on the path. */
const HELM = process.env['HELM'] ?? 'helm'

export const hasHelm = spawnSync(HELM, ['version']).status === 0

export type Rendered = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** Runs `helm COMMAND` on the chart as release and namespace `holdfast`. */
export function helm(command: 'template' | 'lint', flags: readonly string[] = []): Rendered {
  const named = command === 'template' ? ['holdfast', CHART, '--namespace', 'holdfast'] : [CHART]
  return spawnSync(HELM, [command, ...named, '--kube-version', '1.33.0', ...flags], { encoding: 'utf8' })
}

/** `--set` for each of these values. */
export function setFlags(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`])
}
