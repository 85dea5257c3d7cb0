import { fileURLToPath } from 'node:url'
import { loadSync, type AnyDefinition, type ServiceDefinition } from '@grpc/proto-loader'

const folder = fileURLToPath(new URL('../proto/', import.meta.url))

const loaded = loadSync(['streams.proto', 'gossip.proto', 'serverfeatures.proto'], {
  includeDirs: [folder],
  longs: String,
  defaults: true,
  arrays: true,
  objects: true,
})

function service(name: string): ServiceDefinition {
  const definition: AnyDefinition | undefined = loaded[name]
  if (definition === undefined || isMessage(definition)) throw new Error(`No service ${name} in ${folder}`)
  return definition
}

function isMessage(definition: AnyDefinition): definition is Exclude<AnyDefinition, ServiceDefinition> {
  return typeof definition.format === 'string'
}

/** The served part of the protocol, as grpc-js takes it. */
export const definitions = {
  streams: service('event_store.client.streams.Streams'),
  gossip: service('event_store.client.gossip.Gossip'),
  serverFeatures: service('event_store.client.server_features.ServerFeatures'),
}
