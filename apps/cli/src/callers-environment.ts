import { delimiter } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The environment without what `npm run` puts into it: in a checkout an agent would otherwise run with the Node, the programs
 * and the package folder of the checkout in place of its own (https://docs.npmjs.com/cli/v11/commands/npm-run).
 */
export function callersEnvironment(env: Environment): Environment {
  if (env['npm_lifecycle_event'] === undefined) return env
  const own = Object.entries(env).filter(([name]) => !OF_NPM_RUN.test(name))
  return { ...Object.fromEntries(own), ...(env['PATH'] === undefined ? {} : { PATH: pathWithout(env['PATH']) }) }
}

/** Settings that a caller may have made (`npm_config_registry`) stay. */
const OF_NPM_RUN = /^npm_(?:lifecycle_.*|package_.*|command|config_local_prefix)$|^INIT_CWD$/

/** npm puts the program folders of all folders above first, and one of its own after them. */
function pathWithout(path: string): string {
  const folders = path.split(delimiter)
  const last = folders.findIndex((folder) => /[\\/]node-gyp-bin$/.test(folder))
  const isNpms = last >= 0 && folders.slice(0, last).every((folder) => /[\\/]node_modules[\\/]\.bin$/.test(folder))
  return isNpms ? folders.slice(last + 1).join(delimiter) : path
}
