/** The shortest way to the service, made from the address of this server. All other tags the server makes: `/v1/embedding`. */
export const embedTag = (host: string, agency: string, service: string) => ({
  tag: `<script type="module" src="${host}/embed.js" data-service="${agency}/${service}"></script>`,
  hosted: `${host}/s/${agency}/${service}`,
})
