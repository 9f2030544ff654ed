import { expect, test } from 'vitest'
import { callersEnvironment } from './callers-environment.ts'

test('what npm run adds is taken away, so that an agent finds its own programs', () => {
  const added = '/srv/checkout/node_modules/.bin:/srv/node_modules/.bin:/usr/lib/npm/run-script/lib/node-gyp-bin'
  const env = {
    PATH: `${added}:/home/me/app/node_modules/.bin:/usr/bin`,
    npm_lifecycle_event: 'holdfast',
    npm_package_json: '/srv/checkout/package.json',
    npm_config_local_prefix: '/srv/checkout',
    npm_config_registry: 'https://registry.example.test',
    INIT_CWD: '/srv/checkout',
    MODEL: 'gpt-4.1',
  }
  expect(callersEnvironment(env)).toEqual({
    PATH: '/home/me/app/node_modules/.bin:/usr/bin',
    npm_config_registry: 'https://registry.example.test',
    MODEL: 'gpt-4.1',
  })
})

test('an environment that npm did not make stays as it is, whatever it looks like', () => {
  const env = { PATH: '/app/node_modules/.bin:/usr/lib/npm/node-gyp-bin:/usr/bin', INIT_CWD: '/app' }
  expect(callersEnvironment(env)).toEqual(env)
  const other = { npm_lifecycle_event: 'holdfast', PATH: '/usr/bin:/usr/lib/npm/node-gyp-bin:/bin' }
  expect(callersEnvironment(other)).toEqual({ PATH: other.PATH })
})
