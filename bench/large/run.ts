/** Fills a data folder for the benchmarks that take `--data`; says how far it is. */
import { parseArgs } from 'node:util'
import { largeFolder } from './folder.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    minutes: { type: 'string', default: 'Infinity' },
    data: { type: 'string' },
  },
})
if (values.data === undefined) throw new Error('name the folder to fill: --data FOLDER')
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
const [events, minutes] = [Number(values.events), Number(values.minutes)]
using large = await largeFolder({ data: values.data, dir: values.data, events, minutes, say })
say({ folder: large.folder, ...large.filled })
