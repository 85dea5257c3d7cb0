import { randomUUID } from 'node:crypto'

/**
 * The behaviour followed where server generations differ: metadata and type names count towards the size of an append,
 * anonymous calls are denied, and a slow subscriber is never dropped.
 */
const SERVER_VERSION = '24.10.0'

/** gRPC member state "leader" of the gossip protocol. */
const LEADER = 8

const streams = 'event_store.client.streams.streams'

/** What the client may rely on. What is not listed here answers UNIMPLEMENTED. */
export const supportedMethods = {
  eventStoreServerVersion: SERVER_VERSION,
  methods: [
    { serviceName: streams, methodName: 'read', features: ['position', 'events'] },
    { serviceName: streams, methodName: 'append', features: [] },
    { serviceName: streams, methodName: 'batchappend', features: ['deadline_duration'] },
    { serviceName: 'event_store.client.gossip.gossip', methodName: 'read', features: [] },
    {
      serviceName: 'event_store.client.server_features.serverfeatures',
      methodName: 'getsupportedmethods',
      features: [],
    },
  ],
}

/** The cluster of one that a discovering client finds: this server, at the address where clients reach it. */
export function gossip(advertised: () => { host: string; port: number }) {
  const instanceId = randomUUID()
  return () => ({
    members: [
      {
        instanceId: { string: instanceId },
        timeStamp: `${Date.now()}0000`,
        state: LEADER,
        isAlive: true,
        httpEndPoint: { address: advertised().host, port: advertised().port },
      },
    ],
  })
}
