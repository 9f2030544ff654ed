import {
  BedrockPlatform,
  FoundryPlatform,
  VertexPlatform,
  type GoogleIdentity,
  type ManagedConfig,
  type ManagedPlatform,
} from '@holdfast/connectors'
import { bedrockKey } from '../connectors/open-responders.ts'
import { readSecret } from '../connectors/secrets.ts'

/** Makes the platforms of a configuration; none of them is contacted, and secrets are read at each sweep. */
export function openPlatforms(configs: readonly ManagedConfig[]): readonly ManagedPlatform[] {
  return configs.map((config) => {
    switch (config.platform) {
      case 'bedrock':
        return new BedrockPlatform(config, bedrockKey(config))
      case 'vertex':
        return new VertexPlatform(config, googleIdentity(config))
      case 'foundry': {
        const { token, tenant = '', client = '', secret } = config
        if (token !== undefined) return new FoundryPlatform(config, { kind: 'token', token: () => readSecret(token) })
        return new FoundryPlatform(config, {
          kind: 'application',
          tenant,
          client,
          // The schema has one where there is no token.
          secret: () => (secret === undefined ? '' : readSecret(secret)),
        })
      }
    }
  })
}

function googleIdentity({ key, token }: Extract<ManagedConfig, { platform: 'vertex' }>): GoogleIdentity {
  if (key !== undefined) return { kind: 'key', key: () => readSecret(key) }
  return token === undefined ? { kind: 'ambient' } : { kind: 'token', token: () => readSecret(token) }
}
