module.exports = {
  register() {},
  // Anybody may create an item, as anybody may send in a submission.
  async bootstrap({ strapi }) {
    const role = await strapi.db.query('plugin::users-permissions.role').findOne({ where: { type: 'public' } })
    await strapi.db.query('plugin::users-permissions.permission').create({ data: { action: 'api::notice.notice.create', role: role.id } })
  },
}
