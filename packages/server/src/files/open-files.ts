import { join } from 'node:path'
import type { Config } from '../config.ts'
import { createEgress } from '../egress/egress.ts'
import { openDiskFiles } from './disk-files.ts'
import type { Files } from './files.ts'
import { destinationOf, type S3Place } from './s3/place.ts'
import { openS3Files } from './s3/s3-files.ts'

/** The object store that the configuration names; null: files stay in the data folder. */
export function s3PlaceOf(config: Config): S3Place | null {
  const { s3Endpoint: endpoint, s3Bucket: bucket, s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = config
  if (!endpoint || !bucket || !accessKeyId || !secretAccessKey) return null
  return { endpoint, bucket, region: config.s3Region, accessKeyId, secretAccessKey, addressing: config.s3Addressing }
}

export const filesFolder = ({ dataDir }: Pick<Config, 'dataDir'>) => join(dataDir, 'files')

export function openFiles(config: Config, now: () => Date): Files {
  const place = s3PlaceOf(config)
  if (!place) return openDiskFiles(filesFolder(config))
  // The operator names the store, so it may be inside, and no agency can name another: a way out of its own, which is
  // exempt for this one place. Deliveries do not get through it, nor does it look at EGRESS_ALLOW.
  return openS3Files({ place, egress: createEgress([destinationOf(place)]), now })
}
