"""Meshes: cross-certificates, bridges, loops, one name with several keys, one key with several names."""
from making import extensions as ext, names
from making.authority import CA, DAY, NOW
from making.scenario import accept, reject, scenario


def bridged(*spokes):
    """A bridge that is cross-certified with each root in both directions: the bridge and all certificates."""
    bridge = CA("Bridge")
    return bridge, [one for root in spokes for one in (root.certify(bridge), bridge.certify(root))]


def clique(count, name=None, without=()):
    """CAs that all certify each other."""
    cas = [CA(name or f"Member {number}") for number in range(count)]
    return cas, [one.certify(other, without=without) for one in cas for other in cas if one is not other]


@scenario
def over_a_bridge():
    """[Root 1] ⇄ Bridge ⇄ Root 2 → Issuing → Leaf

    RFC 4158 §1.5.4 (bridge structures): the relying party of one spoke reaches the others' subjects over the bridge.
    """
    one, two, issuing = CA("Root 1"), CA("Root 2"), CA("Issuing")
    bridge, cross = bridged(one, two)
    below = two.certify(issuing)
    leaf = issuing.leaf()
    return accept(leaf, [one.anchor], [*cross, below], path=[leaf, below, cross[3], cross[0], one.anchor])


@scenario
def own_side_of_a_bridge():
    """[Root 1] → Issuing → Leaf, and [Root 1] ⇄ Bridge ⇄ Root 2

    RFC 5280 §6.1: loops beside the path change nothing.
    """
    one, two, issuing = CA("Root 1"), CA("Root 2"), CA("Issuing")
    _, cross = bridged(one, two)
    below = one.certify(issuing)
    leaf = issuing.leaf()
    return accept(leaf, [one.anchor], [*cross, below, two.anchor], path=[leaf, below, one.anchor])


@scenario
def bridge_is_the_anchor():
    """Root 1 ⇄ [Bridge] ⇄ Root 2 → Leaf

    RFC 5280 §6.1.1 (d): any CA may be the anchor.
    """
    one, two = CA("Root 1"), CA("Root 2")
    bridge, cross = bridged(one, two)
    leaf = two.leaf()
    return accept(leaf, [bridge.anchor], cross, path=[leaf, cross[3], bridge.anchor])


@scenario
def two_bridges():
    """[Root 1] ⇄ Bridge A ⇄ Bridge B ⇄ Root 2 → Leaf

    RFC 4158 §1.5.4: bridges may be cross-certified with each other.
    """
    one, two, a, b = CA("Root 1"), CA("Root 2"), CA("Bridge A"), CA("Bridge B")
    down = [one.certify(a), a.certify(b), b.certify(two)]
    up = [a.certify(one), b.certify(a), two.certify(b)]
    leaf = two.leaf()
    return accept(leaf, [one.anchor], up + down, path=[leaf, *reversed(down), one.anchor])


@scenario
def one_way_cross_certificate():
    """[Root 1] ← Root 2 → Leaf, Root 2's self-signed certificate in the pool

    RFC 5280 §3.2: a cross-certificate is issued by one CA to another; the other way needs one of its own.
    """
    one, two = CA("Root 1"), CA("Root 2")
    return reject("path_not_found", None, two.leaf(), [one.anchor], [two.anchor, two.certify(one)])


@scenario
def no_bridge():
    """[Root 1] → Issuing 1      Root 2 → Issuing 2 → Leaf

    RFC 5280 §6.1: nothing leads from one to the other.
    """
    one, two, first, second = CA("Root 1"), CA("Root 2"), CA("Issuing 1"), CA("Issuing 2")
    return reject("path_not_found", None, second.leaf(), [one.anchor], [one.certify(first), two.anchor, two.certify(second)])


@scenario
def cross_certified_below_the_roots():
    """[Root 1] → Issuing 1 → Issuing 2 ← Root 2;  Issuing 2 → Leaf

    RFC 4158 §1.5.3 (mesh structures): subordinate CAs may be cross-certified too.
    """
    one, two, first, second = CA("Root 1"), CA("Root 2"), CA("Issuing 1"), CA("Issuing 2")
    pool = [one.certify(first), first.certify(second), two.certify(second)]
    leaf = second.leaf()
    return accept(leaf, [one.anchor], pool, path=[leaf, pool[1], pool[0], one.anchor])


@scenario
def ring_without_anchor():
    """X ⇄ Y, Y → Leaf      [Root]

    RFC 4158 §2.4.2 (loop detection): CAs that vouch for each other alone lead nowhere.
    """
    x, y = CA("X"), CA("Y")
    return reject("path_not_found", None, y.leaf(), [CA("Root").anchor], [x.certify(y), y.certify(x)])


@scenario
def ring_with_an_entrance():
    """[Root] → A → B → C → A, C → Leaf

    RFC 4158 §2.4.2: the loop is left where the leaf is.
    """
    root, a, b, c = CA("Root"), CA("A"), CA("B"), CA("C")
    pool = [root.certify(a), a.certify(b), b.certify(c), c.certify(a)]
    leaf = c.leaf()
    return accept(leaf, [root.anchor], pool, path=[leaf, pool[2], pool[1], pool[0], root.anchor])


@scenario
def ring_back_to_the_anchor():
    """[Root] ⇄ A ⇄ B → Leaf, B → Root

    RFC 5280 §6.1: a path that comes back to the anchor has gained nothing.
    """
    root, a, b = CA("Root"), CA("A"), CA("B")
    pool = [root.certify(a), a.certify(root), a.certify(b), b.certify(a), b.certify(root)]
    leaf = b.leaf()
    return accept(leaf, [root.anchor], pool, path=[leaf, pool[2], pool[0], root.anchor])


@scenario
def clique_of_eight_reached():
    """[Root] → Member 0;  Members 0…7 all certify each other;  Member 5 → Leaf

    RFC 4158 §1.5.3: 13,700 simple paths lead here; the shortest has one step inside of the clique.
    """
    root = CA("Root")
    cas, pool = clique(8)
    entrance = root.certify(cas[0])
    leaf = cas[5].leaf()
    direct = pool[4]
    return accept(leaf, [root.anchor], [*pool, entrance], path=[leaf, direct, entrance, root.anchor])


@scenario
def clique_of_eight_not_reached():
    """[Root]      Members 0…7 all certify each other;  Member 5 → Leaf

    RFC 5280 §6.1: no anchor.
    """
    cas, pool = clique(8)
    return reject("path_not_found", None, cas[5].leaf(), [CA("Root").anchor], pool)


@scenario
def clique_of_twenty_reached():
    """[Root] → Member 0;  Members 0…19 all certify each other;  Member 13 → Leaf

    RFC 4158 §2.4: more simple paths than can be tried; states are what must be counted.
    """
    root = CA("Root")
    cas, pool = clique(20)
    return accept(cas[13].leaf(), [root.anchor], [*pool, root.certify(cas[0])])


@scenario
def clique_of_twenty_not_reached():
    """[Root]      Members 0…19 all certify each other;  Member 13 → Leaf

    RFC 4158 §2.4, as above, with nothing to find.
    """
    cas, pool = clique(20)
    return reject("path_not_found", None, cas[13].leaf(), [CA("Root").anchor], pool)


@scenario
def clique_of_six_with_one_name():
    """[Root] → Same 0;  six CAs all named "Same", without key identifiers, certify each other;  Same 3 → Leaf

    RFC 4158 §3.5.12: "key identifiers … are not a criterion for eliminating certificates"; where they are missing only signatures tell.
    With `lax`, as §4.2.1.1 demands identifiers.
    """
    root = CA("Root")
    cas, pool = clique(6, "Same", without=[ext.AKI, ext.SKI])
    return accept(cas[3].leaf(without=[ext.AKI]), [root.anchor], [*pool, root.certify(cas[0])], lax=True)


@scenario
def expired_beside_valid():
    """[Root 1] → Issuing (expired), [Root 2] → Issuing (valid);  Issuing → Leaf

    RFC 5280 §6.1.3 (a)(2): "The certificate validity period includes the current time." Of one path, not of all.
    """
    one, two, issuing = CA("Root 1"), CA("Root 2"), CA("Issuing")
    good = two.certify(issuing)
    leaf = issuing.leaf()
    return accept(leaf, [one.anchor, two.anchor], [one.certify(issuing, end=NOW - DAY), good], path=[leaf, good, two.anchor])


@scenario
def all_cross_certificates_expired():
    """[Root 1] → Issuing (expired), [Root 2] → Issuing (expired);  Issuing → Leaf

    RFC 5280 §6.1.3 (a)(2).
    """
    one, two, issuing = CA("Root 1"), CA("Root 2"), CA("Issuing")
    pool = [one.certify(issuing, end=NOW - DAY), two.certify(issuing, end=NOW - 2 * DAY)]
    return reject("path_not_found", None, issuing.leaf(), [one.anchor, two.anchor], pool)


@scenario
def bad_signature_beside_good():
    """[Root] ⇢ Issuing (bad signature), [Root] → Issuing;  Issuing → Leaf

    RFC 5280 §6.1.3 (a)(1): of one path, not of all.
    """
    root, issuing = CA("Root"), CA("Issuing")
    good = root.certify(issuing)
    leaf = issuing.leaf()
    return accept(leaf, [root.anchor], [root.certify(issuing, key=CA("Other").key), good], path=[leaf, good, root.anchor])


@scenario
def longer_path_is_needed():
    """[Root] → Near (pathLen 0) → End,  [Root] → Far → Near → End;  End → Leaf

    RFC 5280 §6.1.4 (l): the short way to Near leaves no room for End; the long way does.
    """
    root, near, far, end = CA("Root"), CA("Near"), CA("Far"), CA("End")
    pool = [root.certify(near, path=0), root.certify(far), far.certify(near), near.certify(end)]
    leaf = end.leaf()
    return accept(leaf, [root.anchor], pool, path=[leaf, pool[3], pool[2], pool[1], root.anchor])


@scenario
def purpose_needs_the_longer_path():
    """[Root] → Issuing (e-mail only),  [Root] → Middle → Issuing;  Issuing → Leaf

    RFC 5280 §4.2.1.12, nested: of two states at Issuing only one allows clientAuth.
    """
    root, middle, issuing = CA("Root"), CA("Middle"), CA("Issuing")
    pool = [root.certify(issuing, ext.purposes(ext.MAIL)), root.certify(middle), middle.certify(issuing)]
    leaf = issuing.leaf()
    return accept(leaf, [root.anchor], pool, path=[leaf, pool[2], pool[1], root.anchor])


@scenario
def names_need_the_longer_path():
    """[Root] → Issuing (permits O=One),  [Root] → Middle → Issuing;  Issuing → Leaf (O=Two)

    RFC 5280 §6.1.3 (b): of two states at Issuing only one permits the name.
    """
    root, middle, issuing = CA("Root"), CA("Middle"), CA("Issuing")
    narrow = ext.constraints([names.directory(names.dn((names.COUNTRY, "CN"), (names.ORGANIZATION, "One")))])
    pool = [root.certify(issuing, narrow), root.certify(middle), middle.certify(issuing)]
    leaf = issuing.leaf(subject=names.common("Leaf", "Two"))
    return accept(leaf, [root.anchor], pool, path=[leaf, pool[2], pool[1], root.anchor])


@scenario
def policy_needs_the_longer_path():
    """[Root] → Issuing (1.3.1),  [Root] → Middle (1.3.2) → Issuing (1.3.2);  Issuing → Leaf (1.3.2), 1.3.2 asked

    RFC 5280 §6.1.5 (g): of two states at Issuing only one has the policy.
    """
    root, middle, issuing = CA("Root"), CA("Middle"), CA("Issuing")
    pool = [root.certify(issuing, ext.policies("1.3.1")), root.certify(middle, ext.policies("1.3.2")),
            middle.certify(issuing, ext.policies("1.3.2"))]
    leaf = issuing.leaf(ext.policies("1.3.2"))
    return accept(leaf, [root.anchor], pool, path=[leaf, pool[2], pool[1], root.anchor], policies=["1.3.2"],
                  initial_policy_set=["1.3.2"], initial_explicit_policy=True)


@scenario
def second_anchor_leads():
    """[Root 1]      [Root 2] → Issuing → Leaf

    RFC 5280 §6.1.1 (d): any of the anchors.
    """
    one, two, issuing = CA("Root 1"), CA("Root 2"), CA("Issuing")
    pool = [two.certify(issuing)]
    leaf = issuing.leaf()
    return accept(leaf, [one.anchor, two.anchor], pool, path=[leaf, pool[0], two.anchor])


@scenario
def shorter_of_two_anchors():
    """[Root 1] → Middle → Issuing,  [Root 2] → Issuing;  Issuing → Leaf

    RFC 4158 §3.5.1: any valid path will do; the shorter is told, whatever the order of the pool.
    """
    one, two, middle, issuing = CA("Root 1"), CA("Root 2"), CA("Middle"), CA("Issuing")
    pool = [one.certify(middle), middle.certify(issuing), two.certify(issuing)]
    leaf = issuing.leaf()
    return accept(leaf, [one.anchor, two.anchor], pool, path=[leaf, pool[2], two.anchor])


@scenario
def one_name_four_keys():
    """[Root] → Twin (keys a, b, c, d);  Twin b → Leaf, its key identifier naming d

    RFC 4158 §3.5.12: identifiers order candidates and never exclude one.
    """
    root, twins = CA("Root"), [CA("Twin") for _ in range(4)]
    pool = [root.certify(twin) for twin in twins]
    leaf = twins[1].leaf(ext.authority_key(twins[3].key.identifier))
    return accept(leaf, [root.anchor], pool, path=[leaf, pool[1], root.anchor])


@scenario
def the_right_twin_is_missing():
    """[Root] → Twin (keys a, c, d);  Twin b → Leaf

    RFC 5280 §6.1.3 (a)(1): no key of that name signed it.
    """
    root, twins = CA("Root"), [CA("Twin") for _ in range(4)]
    leaf = twins[1].leaf()
    return reject("signature_invalid", leaf, leaf, [root.anchor], [root.certify(twin) for twin in twins if twin is not twins[1]])


@scenario
def twins_under_different_anchors():
    """[Root 1] → Twin (key a)      Root 2 → Twin (key b) → Leaf

    RFC 5280 §6.1.3 (a): name and key; the trusted twin did not sign it, the other is not trusted.
    """
    one, two, a, b = CA("Root 1"), CA("Root 2"), CA("Twin"), CA("Twin")
    return reject("path_not_found", None, b.leaf(), [one.anchor], [one.certify(a), two.certify(b)])


@scenario
def one_key_two_names():
    """[Root] → A (key k)      Stranger → B (key k) → Leaf

    RFC 5280 §6.1.3 (a)(4): "The certificate issuer name is the working_issuer_name." A's trust is not B's, though the key is one.
    """
    root, stranger, a = CA("Root"), CA("Stranger"), CA("A")
    b = CA("B", key=a.key)
    return reject("path_not_found", None, b.leaf(), [root.anchor], [root.certify(a), stranger.certify(b)])


@scenario
def one_key_two_trusted_names():
    """[Root] → A (key k), [Root] → B (key k);  B → Leaf

    RFC 5280 §6.1.3 (a)(4): the path runs over the name that issued.
    """
    root, a = CA("Root"), CA("A")
    b = CA("B", key=a.key)
    pool = [root.certify(a), root.certify(b)]
    leaf = b.leaf()
    return accept(leaf, [root.anchor], pool, path=[leaf, pool[1], root.anchor])


@scenario
def rollover_old_with_new():
    """[Root, new key] → Root, old key (self-issued) → Leaf

    RFC 4210 §4.4.1, RFC 5280 §6.1: "A certificate is self-issued if the same DN appears in the subject and issuer fields"; the old key is
    vouched for by the new one.
    """
    old, new = CA("Root"), CA("Root")
    cross = new.certify(old)
    leaf = old.leaf()
    return accept(leaf, [new.anchor], [cross], path=[leaf, cross, new.anchor])


@scenario
def rollover_new_with_old():
    """[Root, old key] → Root, new key (self-issued) → Leaf

    RFC 4210 §4.4.1: the new key is vouched for by the old one.
    """
    old, new = CA("Root"), CA("Root")
    cross = old.certify(new)
    leaf = new.leaf()
    return accept(leaf, [old.anchor], [cross], path=[leaf, cross, old.anchor])


@scenario
def rollover_without_a_link():
    """[Root, new key]      Root, old key → Leaf

    RFC 5280 §6.1.3 (a)(1): no key of that name that is known signed it.
    """
    old, new = CA("Root"), CA("Root")
    leaf = old.leaf()
    return reject("signature_invalid", leaf, leaf, [new.anchor])


@scenario
def rollover_below_the_root():
    """[Root] → Issuing, old key → Issuing, new key (self-issued) → Leaf

    RFC 5280 §6.1.4 (l): a self-issued certificate does not use up path length.
    """
    root, old, new = CA("Root"), CA("Issuing"), CA("Issuing")
    pool = [root.certify(old, path=0), old.certify(new)]
    leaf = new.leaf()
    return accept(leaf, [root.anchor], pool, path=[leaf, pool[1], pool[0], root.anchor])


@scenario
def rollover_three_times():
    """[Root] → Issuing 1 → Issuing 2 → Issuing 3 → Issuing 4 → Leaf, one name and four keys, each rolled over in both directions

    RFC 4210 §4.4: old-with-new and new-with-old make loops of self-issued certificates.
    """
    root, generations = CA("Root"), [CA("Issuing") for _ in range(4)]
    pool = [root.certify(generations[0], path=0)]
    for older, newer in zip(generations, generations[1:]):
        pool += [older.certify(newer), newer.certify(older)]
    leaf = generations[3].leaf()
    return accept(leaf, [root.anchor], pool, path=[leaf, pool[5], pool[3], pool[1], pool[0], root.anchor])


@scenario
def rollover_ring_of_one_name():
    """Same, key a ⇄ Same, key b → Leaf      [Root]

    RFC 4158 §2.4.2: one name, two keys, each vouching for the other; neither leads to the anchor.
    """
    a, b = CA("Same"), CA("Same")
    return reject("path_not_found", None, a.leaf(), [CA("Root").anchor], [a.certify(b), b.certify(a)], max_chain_depth=255)


@scenario
def chain_of_pain():
    """[Root 2] → Root (expired cross-certificate), [Root];  Root → Leaf

    RFC 4158 §2.4: the path that ends early at an anchor is there, whatever expired beyond it.
    """
    root, two = CA("Root"), CA("Root 2")
    leaf = root.leaf()
    return accept(leaf, [root.anchor, two.anchor], [two.certify(root, end=NOW - DAY)], path=[leaf, root.anchor])


@scenario
def three_cross_certified_roots():
    """[A] ⇄ B ⇄ C ⇄ A, each with an issuing CA;  A → Issuing A → Leaf

    RFC 4158 §2.4.2: the cycle through the anchor's own name is not followed. CVE-2024-0567.
    """
    roots = [CA(f"Root {letter}") for letter in "ABC"]
    issuing = [CA(f"Issuing {letter}") for letter in "ABC"]
    cross = [one.certify(other) for one in roots for other in roots if one is not other]
    below = [root.certify(one) for root, one in zip(roots, issuing)]
    leaf = issuing[0].leaf()
    return accept(leaf, [roots[0].anchor], cross + below, path=[leaf, below[0], roots[0].anchor])


@scenario
def dead_ends_first():
    """Ten dead ends → Issuing, [Root] → Issuing;  Issuing → Leaf whose key identifiers lead into the dead ends

    RFC 4158 §3.5: what orders candidates may mislead; the path is found nevertheless.
    """
    root, issuing = CA("Root"), CA("Issuing")
    ends = [CA(f"Dead End {number}").certify(issuing) for number in range(10)]
    good = root.certify(issuing, ext.authority_key(CA("Nobody").key.identifier))
    leaf = issuing.leaf()
    return accept(leaf, [root.anchor], [*ends[:5], good, *ends[5:]], path=[leaf, good, root.anchor])


@scenario
def one_ca_seven_certificates():
    """Seven certificates about Issuing: expired, not yet valid, no CA, without keyCertSign, of a dead end, tampered with, good

    RFC 5280 §6.1: each candidate fails by another rule, and none ends the search.
    """
    root, issuing = CA("Root"), CA("Issuing")
    good = root.certify(issuing)
    leaf = issuing.leaf()
    pool = [root.certify(issuing, end=NOW - DAY), root.certify(issuing, start=NOW + DAY),
            root.certify(issuing, ext.basic(ca=False), ext.usage("digitalSignature")),
            root.certify(issuing, ext.usage("cRLSign")), CA("Dead End").certify(issuing),
            root.certify(issuing, signature=lambda tbs: root.key.sign(tbs + b"x")), good]
    return accept(leaf, [root.anchor], pool, path=[leaf, good, root.anchor])


@scenario
def ladder():
    """[Root] → A1, B1;  each rung's A and B certify the next rung's A and B, ten rungs;  B10 → Leaf

    RFC 4158 §2.4: 1,024 paths of one length, 20 authorities.
    """
    root = CA("Root")
    rungs = [[CA(f"A{rung}"), CA(f"B{rung}")] for rung in range(10)]
    pool = [root.certify(one) for one in rungs[0]]
    pool += [above.certify(below) for upper, lower in zip(rungs, rungs[1:]) for above in upper for below in lower]
    return accept(rungs[-1][1].leaf(), [root.anchor], pool)


@scenario
def ladder_that_never_arrives():
    """A1, B1 (nobody's);  ten rungs as in `ladder`;  B10 → Leaf      [Root]

    RFC 4158 §2.4: 1,024 ways up, none to an anchor.
    """
    rungs = [[CA(f"A{rung}"), CA(f"B{rung}")] for rung in range(10)]
    pool = [above.certify(below) for upper, lower in zip(rungs, rungs[1:]) for above in upper for below in lower]
    return reject("path_not_found", None, rungs[-1][1].leaf(), [CA("Root").anchor], pool)
