/** What an agency's page needs, made from the address of this server: docs/embedding.md. */
export interface EmbedTag {
  name: 'service' | 'element' | 'isolated' | 'guide' | 'status' | 'catalog'
  tag: string
}

export function embedTags(host: string, agency: string, service: string): { tags: EmbedTag[]; csp: string; hosted: string } {
  const script = (file: string, data: string) => `<script type="module" src="${host}/${file}.js"${data}></script>`
  const name = `${agency}/${service}`
  return {
    tags: [
      { name: 'service', tag: script('embed', ` data-service="${name}"`) },
      { name: 'element', tag: `${script('embed', '')}\n<guichet-service service="${name}"></guichet-service>` },
      { name: 'isolated', tag: script('embed', ` data-service="${name}" data-isolation="iframe"`) },
      { name: 'guide', tag: script('guide', ` data-service="${name}"`) },
      { name: 'status', tag: script('status', ' data-place') },
      { name: 'catalog', tag: `${script('catalog', '')}\n<guichet-catalog agency="${agency}"></guichet-catalog>` },
    ],
    csp: `default-src 'none'; script-src ${host}; style-src ${host}; connect-src ${host}; img-src ${host} data:; frame-src ${host}; require-trusted-types-for 'script'`,
    hosted: `${host}/s/${name}`,
  }
}
