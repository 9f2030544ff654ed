import type { Adapter, AdapterPayload } from 'oidc-provider'

/** Where one provider keeps what it gave out: as long as it runs, and apart from every other. */
export class Storage {
  readonly #kept = new Map<string, AdapterPayload>()

  /** The library asks for one of these for each of its models. */
  adapter(model: string): Adapter {
    const kept = this.#kept
    const keyOf = (id: string): string => `${model} ${id}`
    const where = (field: 'uid' | 'userCode', value: string): AdapterPayload | undefined =>
      [...kept].find(([key, payload]) => key.startsWith(`${model} `) && payload[field] === value)?.[1]
    return {
      upsert: async (id, payload) => void kept.set(keyOf(id), payload),
      find: async (id) => kept.get(keyOf(id)),
      findByUid: async (uid) => where('uid', uid),
      findByUserCode: async (code) => where('userCode', code),
      consume: async (id) => {
        const payload = kept.get(keyOf(id))
        if (payload !== undefined) kept.set(keyOf(id), { ...payload, consumed: Math.floor(Date.now() / 1_000) })
      },
      destroy: async (id) => void kept.delete(keyOf(id)),
      revokeByGrantId: async (grantId) => {
        for (const [key, payload] of kept) if (payload.grantId === grantId) kept.delete(key)
      },
    }
  }
}
