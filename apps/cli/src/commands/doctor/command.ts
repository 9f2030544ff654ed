import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare, dataFlag, outputFlags, type DataFlags, type OutputFlags } from '../../flags.ts'
import { LIST_FORMATS, type ListFormat } from '../../render/formats.ts'
import { documentation } from '../documentation.ts'

export type DoctorFlags = DataFlags & OutputFlags<ListFormat | 'junit'>

export const doctorCommand = buildCommand<DoctorFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).doctor,
  parameters: {
    flags: bare({ ...dataFlag, ...outputFlags([...LIST_FORMATS, 'junit'], 'checks with status and remedy') }),
    aliases: bare({ o: 'output' }),
  },
  docs: documentation('What is wrong, what would be missing now, and the exact remedy: exit 1 on a FAIL', [
    ['', 'this machine, the server, and what agents capture'],
    ['-o junit > doctor.xml', 'for a pipeline: one case for each check'],
    ['--json | jq \'.checks[] | select(.status!="PASS")\'', 'what is to do'],
  ]),
})
