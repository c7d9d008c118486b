// SCIMMY behind Express with resources in memory: what its documentation asks an application for, and nothing more.
// PORT and SCIM_TOKEN come from the environment.
import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const { Resources, Schemas, Types } = SCIMMY;

// One resource type kept in a Map; `unique` names the attribute that no two of them share.
function keep(Resource, unique) {
    const kept = new Map();
    const taken = (value, id) =>
        [...kept.values()].some((each) => each.id !== id && each[unique]?.toLowerCase() === value?.toLowerCase());

    Resources.declare(Resource)
        .ingress((resource, instance) => {
            const former = resource.id ? kept.get(resource.id) : undefined;
            if (resource.id && !former) throw new Types.Error(404, null, `Resource ${resource.id} not found`);
            if (unique && taken(instance[unique], resource.id))
                throw new Types.Error(409, "uniqueness", `${unique} is in use`);
            const now = new Date();
            const { created } = former?.meta ?? {};
            const id = resource.id ?? randomUUID();
            kept.set(id, { ...JSON.parse(JSON.stringify(instance)), id, meta: { created: created ?? now, lastModified: now } });
            return kept.get(id);
        })
        .egress((resource) => {
            if (!resource.id) {
                const every = [...kept.values()];
                return resource.filter ? resource.filter.match(every) : every;
            }
            if (!kept.has(resource.id)) throw new Types.Error(404, null, `Resource ${resource.id} not found`);
            return kept.get(resource.id);
        })
        .degress((resource) => {
            if (!kept.delete(resource.id)) throw new Types.Error(404, null, `Resource ${resource.id} not found`);
        });
}

Resources.User.extend(Schemas.EnterpriseUser, false);
keep(Resources.User, "userName");
keep(Resources.Group);

const app = express();
app.use("/scim", new SCIMMYRouters({
    type: "bearer",
    handler: (request) => {
        if (request.header("Authorization") !== `Bearer ${process.env.SCIM_TOKEN}`) throw new Error("Wrong token");
        return "";
    },
}));
const server = app.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
    console.log(`http://127.0.0.1:${server.address().port}/scim`);
});
