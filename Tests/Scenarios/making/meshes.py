"""Random meshes: the same certificates as facts for the model and as DER for the verifier."""
import random

from . import extensions as ext, names
from .authority import CA, DAY, NOW, Seed
from .model import ANY, Facts, Question

POLICIES = ["1.3.6.1.4.1.55738.1", "1.3.6.1.4.1.55738.2", "1.3.6.1.4.1.55738.3"]
HOSTS = ["example.com", "a.example.com", "b.example.com", "example.org"]
ORGANIZATIONS = ["Red", "Green", "Blue"]
PURPOSES = [ext.CLIENT, ext.SERVER, ext.MAIL]


class Mesh:
    """`question` and `anchors`, `pool`, `leaf` as facts; `case` as a line of the batch; `facts_of` by fingerprint."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        Seed.begin(f"mesh/{seed}")
        chance = self.chance
        self.revocation = chance.random() < 0.3
        self.lax = chance.random() < 0.15
        count = chance.randint(2, 7)
        self.names = [(chance.choice(ORGANIZATIONS), f"CA {number}") for number in range(count)]
        if not self.revocation:
            # One name for two keys now and then; under revocation a list of either key would count for both.
            self.names = [chance.choice(self.names) if chance.random() < 0.15 else name for name in self.names]
        self.cas = [CA(names.common(name, organization)) for organization, name in self.names]
        self.facts_of = {}
        self.made = {}
        self.anchors = [self.certify(ca, ca) for ca in chance.sample(range(count), chance.choice([1, 1, 1, 2]) if count > 1 else 1)]
        density = chance.choice([0.2, 0.35, 0.6])
        self.pool = [self.certify(issuer, subject) for issuer in range(count) for subject in range(count)
                     if issuer != subject for _ in range(chance.choice([1, 1, 2])) if chance.random() < density]
        self.leaf = self.issue(chance.randrange(count))
        self.question = self.ask()
        self.crls = self.lists() if self.revocation else []
        self.case = self.line()

    def maybe(self, probability, value):
        return value() if self.chance.random() < probability else None

    def some(self, members, least=1):
        return self.chance.sample(members, self.chance.randint(least, min(2, len(members))))

    def common_facts(self, subject, issuer):
        """What CA certificates and leaves may both say."""
        chance = self.chance
        facts = Facts(subject, issuer, signed=chance.random() > 0.04, current=chance.random() > 0.05)
        facts.policies = self.maybe(0.75, lambda: [ANY] if chance.random() < 0.3 else self.some(POLICIES) + self.some([ANY], 0))
        facts.purposes = self.maybe(0.2, lambda: set(self.some(PURPOSES)) | ({ext.CLIENT} if chance.random() < 0.6 else set()))
        facts.hosts = self.maybe(0.15, lambda: self.some(HOSTS)) or []
        return facts

    def certify(self, issuer, subject):
        chance, anchor = self.chance, issuer == subject
        facts = self.common_facts(subject, issuer)
        facts.name = self.names[subject]
        facts.self_issued = self.names[issuer] == self.names[subject]
        if anchor:
            facts.signed = True
            # Beside anyPolicy an anchor's other policies say nothing (RFC 5937 §3.2); not made, as verifiers may still list them.
            facts.policies = ([ANY] if ANY in facts.policies else facts.policies) if facts.policies and chance.random() < 0.2 else None
            facts.purposes = facts.purposes if chance.random() < 0.2 else None
        odds = 0.3 if anchor else 1
        facts.path = self.maybe(0.2 * odds, lambda: chance.randint(0, 2))
        facts.ca = chance.random() > 0.04 * odds
        facts.cert_sign = facts.ca and chance.random() > 0.04 * odds
        if not facts.ca:
            facts.path = None
        if facts.ca and chance.random() < 0.15 * odds:
            facts.permitted_hosts = self.maybe(0.5, lambda: self.some(HOSTS))
            facts.excluded_hosts = self.maybe(0.3, lambda: self.some(HOSTS)) or []
            facts.permitted_organizations = self.maybe(0.3, lambda: self.some(ORGANIZATIONS))
            facts.excluded_organizations = self.maybe(0.2, lambda: self.some(ORGANIZATIONS)) or []
        asserted = [policy for policy in facts.policies or [] if policy != ANY] or (POLICIES if facts.policies else [])
        if asserted and not anchor:
            facts.mappings = self.maybe(0.3, lambda: sorted({(chance.choice(asserted), chance.choice(POLICIES)) for _ in range(chance.randint(1, 3))})) or []
        facts.explicit = self.maybe(0.12 * odds, lambda: 0 if anchor else chance.randint(0, 2))
        facts.mapping = self.maybe(0.12 * odds, lambda: 0 if anchor else chance.randint(0, 2))
        facts.inhibit_any = self.maybe(0.12 * odds, lambda: 0 if anchor else chance.randint(0, 2))
        return self.remember(facts, self.cas[issuer].certify(
            self.cas[subject], *self.extensions(facts, subject), **self.options(facts, issuer)))

    def issue(self, issuer):
        facts = self.common_facts(None, issuer)
        facts.name = (self.chance.choice(ORGANIZATIONS), "Leaf")
        facts.signed = True
        facts.current = True
        facts.explicit = self.maybe(0.05, lambda: self.chance.randint(0, 1))
        return self.remember(facts, self.cas[issuer].leaf(
            *self.extensions(facts, None), subject=names.common("Leaf", facts.name[0]), without=[ext.EKU], **self.options(facts, issuer)))

    def remember(self, facts, made):
        self.facts_of[made.sha256] = facts
        self.made[id(facts)] = made
        return facts

    def options(self, facts, issuer):
        options = {} if facts.signed else {"key": CA("Nobody").key}
        if not facts.current:
            options.update({"end": NOW - DAY} if self.chance.random() < 0.5 else {"start": NOW + DAY})
        return options

    def extensions(self, facts, subject):
        own = []
        if subject is not None:
            own.append(ext.basic(ca=facts.ca, path=facts.path))
            own.append(ext.usage(*(["keyCertSign"] if facts.cert_sign else ["digitalSignature"]), "cRLSign"))
            permitted = [names.dns(host) for host in facts.permitted_hosts or []] + [self.organization(one) for one in facts.permitted_organizations or []]
            excluded = [names.dns(host) for host in facts.excluded_hosts] + [self.organization(one) for one in facts.excluded_organizations]
            if permitted or excluded:
                own.append(ext.constraints(permitted, excluded))
        if subject != facts.issuer and self.chance.random() < 0.1:
            own.append(ext.authority_key(self.chance.choice(self.cas).key.identifier))
        if facts.hosts:
            own.append(ext.alternative(*map(names.dns, facts.hosts)))
        if facts.policies is not None:
            own.append(ext.policies(*facts.policies))
        if facts.mappings:
            own.append(ext.mappings(*facts.mappings))
        if facts.explicit is not None or facts.mapping is not None:
            own.append(ext.policy_constraints(facts.explicit, facts.mapping))
        if facts.inhibit_any is not None:
            own.append(ext.inhibit_any(facts.inhibit_any))
        if facts.purposes is not None:
            own.append(ext.purposes(*sorted(facts.purposes)))
        return own

    @staticmethod
    def organization(name):
        return names.directory(names.dn((names.COUNTRY, "CN"), (names.ORGANIZATION, name)))

    def ask(self):
        chance = self.chance
        return Question(
            purpose=ext.CLIENT if chance.random() < 0.7 else None, policies=self.maybe(0.4, lambda: set(self.some(POLICIES))),
            explicit=chance.random() < 0.4, no_mapping=chance.random() < 0.15, no_any=chance.random() < 0.15,
            depth=self.maybe(0.15, lambda: chance.randint(0, 3)), lax=self.lax, revocation=self.revocation)

    def lists(self):
        """Each CA's list, mostly: what it revokes, and whose status nobody knows."""
        lists = []
        for number, ca in enumerate(self.cas):
            issued = [facts for facts in [*self.pool, self.leaf] if facts.issuer == number]
            if self.chance.random() < 0.1:
                for facts in issued:
                    facts.status_known = False
                continue
            for facts in issued:
                facts.revoked = self.chance.random() < 0.07
            lists.append(ca.crl(revoked=[self.made[id(facts)] for facts in issued if facts.revoked]))
        return lists

    def line(self):
        question = self.question
        shown = [[self.made[id(facts)].pem for facts in members] for members in (self.anchors, self.pool)]
        inputs = {"initial_policy_set": sorted(question.policies or []), "initial_explicit_policy": question.explicit,
                  "initial_policy_mapping_inhibit": question.no_mapping, "initial_any_policy_inhibit": question.no_any,
                  "revocation": "hard-fail" if question.revocation else "off", "lax": question.lax, "no_eku": question.purpose is None}
        return {"trusted_certs": shown[0], "untrusted_intermediates": shown[1], "peer_certificate": self.made[id(self.leaf)].pem,
                "crls": [one.pem for one in self.crls], "validation_time": NOW.isoformat(), "validation_kind": "CLIENT",
                "max_chain_depth": question.depth, "inputs": inputs}
