/** Which object store, and as whom. */
export interface S3Place {
  /** Address of the store without the bucket, such as https://s3.eu-central-1.amazonaws.com. */
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  /** `path`: https://host/bucket/key; `host`: https://bucket.host/key. */
  addressing: 'path' | 'host'
}

/** The address of an object, or of the bucket. */
export function addressOf({ endpoint, bucket, addressing }: S3Place, key: string | null = null): URL {
  const url = new URL(endpoint)
  if (addressing === 'host') url.hostname = `${bucket}.${url.hostname}`
  const parts = [...(addressing === 'path' ? [bucket] : []), ...(key === null ? [] : [key])]
  url.pathname = `/${parts.join('/')}`
  return url
}

/** `host:port` of every request, as the way out lists what is exempt. */
export function destinationOf(place: S3Place): string {
  const { hostname, port, protocol } = addressOf(place)
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`
}
