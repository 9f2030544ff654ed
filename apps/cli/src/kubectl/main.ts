import { runOnTerminal } from '../terminal.ts'
import { runPlugin } from './run-plugin.ts'

await runOnTerminal(runPlugin)
