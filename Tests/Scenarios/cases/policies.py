"""Certificate policies: RFC 5280 §6.1 with RFC 9618's policy graph."""
from making import der, extensions as ext
from making.authority import CA
from making.scenario import accept, reject, scenario

A, B, C, D = "1.3.6.1.4.1.55738.1", "1.3.6.1.4.1.55738.2", "1.3.6.1.4.1.55738.3", "1.3.6.1.4.1.55738.4"
ANY = ext.ANY_POLICY


def line(*levels):
    """Root → Level 1 → … → Leaf; each level is a list of extensions, the leaf's last. Leaf, anchors, pool."""
    cas, pool = [CA("Root")], []
    for number, own in enumerate(levels[:-1]):
        below = CA(f"Level {number + 1}")
        pool.append(cas[-1].certify(below, *own))
        cas.append(below)
    return cas[-1].leaf(*levels[-1]), [cas[0].anchor], pool


def ok(policies, *levels, **inputs):
    return accept(*line(*levels), policies=policies, **inputs)


def no(*levels, **inputs):
    leaf, anchors, pool = line(*levels)
    return reject("policy_not_acceptable", leaf, leaf, anchors, pool, **inputs)


def p(*kinds):
    return ext.policies(*kinds)


@scenario
def the_same_everywhere():
    """Root → Level 1 (A) → Leaf (A), a policy demanded

    RFC 5280 §6.1.3 (d)(1)(i): "For each node of depth i-1 … where P-OID is in the expected_policy_set, create a child node".
    """
    return ok([A], [p(A)], [p(A)], initial_explicit_policy=True)


@scenario
def nothing_in_common():
    """Root → Level 1 (A) → Leaf (B), a policy demanded

    RFC 5280 §6.1.3 (d)(3): nodes without children are deleted; §6.1.5 (g): nothing is left.
    """
    return no([p(A)], [p(B)], initial_explicit_policy=True)


@scenario
def nothing_in_common_and_none_demanded():
    """Root → Level 1 (A) → Leaf (B), none demanded

    RFC 5280 §6.1.5: "If either (1) the value of explicit_policy variable is greater than zero or (2) the valid_policy_tree is not NULL, then
    path processing has succeeded."
    """
    return ok([], [p(A)], [p(B)])


@scenario
def none_anywhere_and_one_demanded():
    """Root → Level 1 → Leaf, a policy demanded

    RFC 5280 §6.1.3 (e): "If the certificate policies extension is not present, set the valid_policy_tree to NULL."
    """
    root, issuing = CA("Root"), CA("Issuing")
    below = root.certify(issuing)
    return reject("policy_not_acceptable", None, issuing.leaf(), [root.anchor], [below], initial_explicit_policy=True)


@scenario
def missing_in_the_middle():
    """Root → Level 1 (A) → Level 2 (no policy) → Leaf (A), a policy demanded

    RFC 5280 §6.1.3 (e): what is NULL stays NULL.
    """
    leaf, anchors, pool = line([p(A)], [], [p(A)])
    return reject("policy_not_acceptable", None, leaf, anchors, pool, initial_explicit_policy=True)


@scenario
def any_above():
    """Root → Level 1 (anyPolicy) → Leaf (A), a policy demanded

    RFC 5280 §6.1.3 (d)(1)(ii): "If there was no match in step (i) and the valid_policy_tree includes a node of depth i-1 with the
    valid_policy anyPolicy, generate a child node".
    """
    return ok([A], [p(ANY)], [p(A)], initial_explicit_policy=True)


@scenario
def any_below():
    """Root → Level 1 (A, B) → Leaf (anyPolicy), a policy demanded

    RFC 5280 §6.1.3 (d)(2): anyPolicy goes on with all that is expected.
    """
    return ok([A, B], [p(A, B)], [p(ANY)], initial_explicit_policy=True)


@scenario
def any_everywhere():
    """Root → Level 1 (anyPolicy) → Leaf (anyPolicy), a policy demanded

    RFC 5280 §6.1.5 (g)(ii): "If the user-initial-policy-set is any-policy, the intersection is the entire valid_policy_tree."
    """
    return ok([ANY], [p(ANY)], [p(ANY)], initial_explicit_policy=True)


@scenario
def any_everywhere_and_one_asked():
    """Root → Level 1 (anyPolicy) → Leaf (anyPolicy), A asked and demanded

    RFC 5280 §6.1.5 (g)(iii)(3): for each policy of the user-initial-policy-set a node is made from the anyPolicy node.
    """
    return ok([A], [p(ANY)], [p(ANY)], initial_policy_set=[A], initial_explicit_policy=True)


@scenario
def one_of_two_asked():
    """Root → Level 1 (A, B) → Leaf (A, B), B and C asked and demanded

    RFC 5280 §6.1.5 (g)(iii): the intersection.
    """
    return ok([B], [p(A, B)], [p(A, B)], initial_policy_set=[B, C], initial_explicit_policy=True)


@scenario
def another_one_asked():
    """Root → Level 1 (A) → Leaf (A), B asked and demanded

    RFC 5280 §6.1.5 (g).
    """
    return no([p(A)], [p(A)], initial_policy_set=[B], initial_explicit_policy=True)


@scenario
def another_one_asked_and_none_demanded():
    """Root → Level 1 (A) → Leaf (A), B asked, none demanded

    RFC 5280 §6.1.5: explicit_policy is greater than zero: success with an empty set.
    """
    return ok([], [p(A)], [p(A)], initial_policy_set=[B])


@scenario
def mapped():
    """Root → Level 1 (A; A→B) → Leaf (B), A asked and demanded

    RFC 5280 §6.1.4 (b)(1): "set expected_policy_set to the set of subjectDomainPolicy values"; the result is in the user's own domain.
    """
    return ok([A], [p(A), ext.mappings((A, B))], [p(B)], initial_policy_set=[A], initial_explicit_policy=True)


@scenario
def mapped_and_the_old_one_used():
    """Root → Level 1 (A; A→B) → Leaf (A), a policy demanded

    RFC 5280 §6.1.4 (b)(1): A is not expected any more.
    """
    return no([p(A), ext.mappings((A, B))], [p(A)], initial_explicit_policy=True)


@scenario
def mapped_and_the_foreign_one_asked():
    """Root → Level 1 (A; A→B) → Leaf (B), B asked and demanded

    RFC 5280 §6.1.5 (g)(iii)(1): what counts are policies in the domain of the user: "valid_policy_node_set", whose parent is anyPolicy.
    """
    return no([p(A), ext.mappings((A, B))], [p(B)], initial_policy_set=[B], initial_explicit_policy=True)


@scenario
def mapped_twice():
    """Root → Level 1 (A; A→B) → Level 2 (B; B→C) → Leaf (C), A asked and demanded

    RFC 5280 §6.1.4 (b).
    """
    return ok([A], [p(A), ext.mappings((A, B))], [p(B), ext.mappings((B, C))], [p(C)], initial_policy_set=[A], initial_explicit_policy=True)


@scenario
def one_to_many():
    """Root → Level 1 (A; A→B, A→C) → Leaf (C), a policy demanded

    RFC 5280 §4.2.1.5, §6.1.4 (b)(1): "the set of subjectDomainPolicy values".
    """
    return ok([A], [p(A), ext.mappings((A, B), (A, C))], [p(C)], initial_explicit_policy=True)


@scenario
def many_to_one():
    """Root → Level 1 (A, B; A→C, B→C) → Leaf (C), a policy demanded

    RFC 9618 §3.1: a node may have several parents: both policies are the user's.
    """
    return ok([A, B], [p(A, B), ext.mappings((A, C), (B, C))], [p(C)], initial_explicit_policy=True)


@scenario
def swapped():
    """Root → Level 1 (A, B; A→B, B→A) → Leaf (A), a policy demanded

    RFC 5280 §6.1.4 (b)(1): the leaf's A is the user's B.
    """
    return ok([B], [p(A, B), ext.mappings((A, B), (B, A))], [p(A)], initial_explicit_policy=True)


@scenario
def mapping_of_what_is_not_there():
    """Root → Level 1 (A; B→C) → Leaf (C), a policy demanded

    RFC 5280 §4.2.1.5: "Each issuerDomainPolicy named in the policy mapping extension SHOULD also be asserted in a certificate policies
    extension in the same certificate." It is not, so nothing is mapped.
    """
    return no([p(A), ext.mappings((B, C))], [p(C)], initial_explicit_policy=True)


@scenario
def mapping_of_any_there():
    """Root → Level 1 (anyPolicy; A→B) → Leaf (B), a policy demanded

    RFC 5280 §6.1.4 (b)(1): "If no node of depth i in the valid_policy_tree has a valid_policy of ID-P but there is a node of depth i with a
    valid_policy of anyPolicy, then generate a child node".
    """
    return ok([A], [p(ANY), ext.mappings((A, B))], [p(B)], initial_explicit_policy=True)


@scenario
def mapped_to_any():
    """Root → Level 1 (A; A→anyPolicy) → Leaf (A)

    RFC 5280 §6.1.4 (a): "verify that the special value anyPolicy does not appear as an issuerDomainPolicy or a subjectDomainPolicy."
    """
    leaf, anchors, pool = line([p(A), ext.mappings((A, ANY))], [p(A)])
    return reject("policy_not_acceptable", pool[0], leaf, anchors, pool)


@scenario
def mapped_from_any():
    """Root → Level 1 (A; anyPolicy→B) → Leaf (A)

    RFC 5280 §6.1.4 (a).
    """
    leaf, anchors, pool = line([p(A), ext.mappings((ANY, B))], [p(A)])
    return reject("policy_not_acceptable", pool[0], leaf, anchors, pool)


@scenario
def mapping_inhibited_by_the_user():
    """Root → Level 1 (A; A→B) → Leaf (B), a policy demanded, mapping inhibited

    RFC 5280 §6.1.4 (b)(2): "If the policy_mapping variable is equal to 0: (i) delete each node of depth i in the valid_policy_tree where
    ID-P is the valid_policy."
    """
    return no([p(A), ext.mappings((A, B))], [p(B)], initial_explicit_policy=True, initial_policy_mapping_inhibit=True)


@scenario
def mapping_inhibited_from_here():
    """Root → Level 1 (A; inhibitPolicyMapping 0) → Level 2 (A; A→B) → Leaf (B), a policy demanded

    RFC 5280 §6.1.4 (i)(2): "If inhibitPolicyMapping is present and is less than policy_mapping, set policy_mapping to the value".
    """
    return no([p(A), ext.policy_constraints(mapping=0)], [p(A), ext.mappings((A, B))], [p(B)], initial_explicit_policy=True)


@scenario
def mapping_inhibited_after_one():
    """Root → Level 1 (A; inhibitPolicyMapping 1) → Level 2 (A; A→B) → Leaf (B), a policy demanded

    RFC 5280 §4.2.1.11: "the value indicates the number of additional certificates that may appear in the path before policy mapping is no
    longer permitted."
    """
    return ok([A], [p(A), ext.policy_constraints(mapping=1)], [p(A), ext.mappings((A, B))], [p(B)], initial_explicit_policy=True)


@scenario
def mapping_inhibited_after_one_and_two_follow():
    """Root → Level 1 (A; inhibitPolicyMapping 1) → Level 2 (A) → Level 3 (A; A→B) → Leaf (B), a policy demanded

    RFC 5280 §6.1.4 (h)(2): "If policy_mapping is not 0, decrement policy_mapping by 1."
    """
    return no([p(A), ext.policy_constraints(mapping=1)], [p(A)], [p(A), ext.mappings((A, B))], [p(B)], initial_explicit_policy=True)


@scenario
def demanded_from_here():
    """Root → Level 1 (A; requireExplicitPolicy 0) → Leaf (B)

    RFC 5280 §6.1.4 (i)(1), §6.1.3 (f): "verify that either explicit_policy is greater than 0 or the valid_policy_tree is not equal to NULL".
    """
    return no([p(A), ext.policy_constraints(explicit=0)], [p(B)])


@scenario
def demanded_after_two():
    """Root → Level 1 (A; requireExplicitPolicy 2) → Leaf (B)

    RFC 5280 §6.1.5 (a): explicit_policy is 2, and 1 after the leaf: not demanded yet.
    """
    return ok([], [p(A), ext.policy_constraints(explicit=2)], [p(B)])


@scenario
def demanded_after_one():
    """Root → Level 1 (A; requireExplicitPolicy 1) → Leaf (B)

    RFC 5280 §6.1.5 (a): "If explicit_policy is not 0, decrement explicit_policy by 1." It is 0 then.
    """
    return no([p(A), ext.policy_constraints(explicit=1)], [p(B)])


@scenario
def demanded_by_the_leaf():
    """Root → Level 1 → Leaf (requireExplicitPolicy 0)

    RFC 5280 §6.1.5 (b): "If a policy constraints extension is included in the certificate and requireExplicitPolicy is present and has a
    value of 0, set the explicit_policy state variable to 0."
    """
    root, issuing = CA("Root"), CA("Issuing")
    leaf = issuing.leaf(ext.policy_constraints(explicit=0))
    return reject("policy_not_acceptable", leaf, leaf, [root.anchor], [root.certify(issuing)])


@scenario
def the_leafs_own_one_does_not_demand():
    """Root → Level 1 → Leaf (requireExplicitPolicy 1)

    RFC 5280 §6.1.5 (b): only a value of 0.
    """
    root, issuing = CA("Root"), CA("Issuing")
    return accept(issuing.leaf(ext.policy_constraints(explicit=1)), [root.anchor], [root.certify(issuing)])


@scenario
def self_issued_do_not_count_down():
    """Root → Issuing (A; requireExplicitPolicy 2) → Issuing (self-issued) → Leaf (no policy)

    RFC 5280 §6.1.4 (h): "If certificate i is not self-issued": with it counted, a policy would be demanded.
    """
    root, old, new = CA("Root"), CA("Issuing"), CA("Issuing")
    pool = [root.certify(old, p(A), ext.policy_constraints(explicit=2)), old.certify(new)]
    return accept(new.leaf(), [root.anchor], pool, policies=[])


@scenario
def demand_that_shrinks():
    """Root → Level 1 (A; requireExplicitPolicy 5) → Level 2 (A; requireExplicitPolicy 0) → Leaf (B)

    RFC 5280 §6.1.4 (i)(1): "is less than explicit_policy".
    """
    return no([p(A), ext.policy_constraints(explicit=5)], [p(A), ext.policy_constraints(explicit=0)], [p(B)])


@scenario
def demand_that_does_not_grow():
    """Root → Level 1 (A; requireExplicitPolicy 0) → Level 2 (A; requireExplicitPolicy 5) → Leaf (B)

    RFC 5280 §6.1.4 (i)(1).
    """
    return no([p(A), ext.policy_constraints(explicit=0)], [p(A), ext.policy_constraints(explicit=5)], [p(B)])


@scenario
def any_inhibited_by_the_user():
    """Root → Level 1 (anyPolicy) → Leaf (A), a policy demanded, anyPolicy inhibited

    RFC 5280 §6.1.3 (d)(2): "If the certificate policies extension includes the policy anyPolicy … and either (a) inhibit_anyPolicy is
    greater than 0": it is not, so nothing is left at Level 1 already.
    """
    leaf, anchors, pool = line([p(ANY)], [p(A)])
    return reject("policy_not_acceptable", None, leaf, anchors, pool, initial_explicit_policy=True, initial_any_policy_inhibit=True)


@scenario
def any_inhibited_from_here():
    """Root → Level 1 (A; inhibitAnyPolicy 0) → Leaf (anyPolicy), a policy demanded

    RFC 5280 §6.1.4 (j): "If the inhibitAnyPolicy extension is included in the certificate and is less than inhibit_anyPolicy, set
    inhibit_anyPolicy to the value of inhibitAnyPolicy."
    """
    return no([p(A), ext.inhibit_any(0)], [p(ANY)], initial_explicit_policy=True)


@scenario
def any_inhibited_after_one():
    """Root → Level 1 (A; inhibitAnyPolicy 1) → Leaf (anyPolicy), a policy demanded

    RFC 5280 §4.2.1.14: "the number of additional non-self-issued certificates that may appear in the path before anyPolicy is no longer
    permitted."
    """
    return ok([A], [p(A), ext.inhibit_any(1)], [p(ANY)], initial_explicit_policy=True)


@scenario
def any_inhibited_after_one_and_two_follow():
    """Root → Level 1 (A; inhibitAnyPolicy 1) → Level 2 (A) → Leaf (anyPolicy), a policy demanded

    RFC 5280 §6.1.4 (h)(3): "If inhibit_anyPolicy is not 0, decrement inhibit_anyPolicy by 1."
    """
    return no([p(A), ext.inhibit_any(1)], [p(A)], [p(ANY)], initial_explicit_policy=True)


@scenario
def any_in_a_self_issued_ca():
    """Root → Issuing (A; inhibitAnyPolicy 0) → Issuing (anyPolicy, self-issued) → Leaf (A), a policy demanded

    RFC 5280 §6.1.3 (d)(2): "or (b) i<n and the certificate is self-issued".
    """
    root, old, new = CA("Root"), CA("Issuing"), CA("Issuing")
    pool = [root.certify(old, p(A), ext.inhibit_any(0)), old.certify(new, p(ANY))]
    return accept(new.leaf(p(A)), [root.anchor], pool, policies=[A], initial_explicit_policy=True)


@scenario
def any_in_a_self_issued_leaf():
    """Root → Issuing (A; inhibitAnyPolicy 0) → Issuing (anyPolicy, self-issued), which is what is asked for

    RFC 5280 §6.1.3 (d)(2): "i<n": the last certificate is no exception.
    """
    root, old, new = CA("Root"), CA("Issuing"), CA("Issuing")
    pool = [root.certify(old, p(A), ext.inhibit_any(0))]
    leaf = old.certify(new, p(ANY))
    return reject("policy_not_acceptable", leaf, leaf, [root.anchor], pool, initial_explicit_policy=True, no_eku=True)


@scenario
def any_beside_another():
    """Root → Level 1 (A) → Level 2 (anyPolicy, B) → Leaf (A), a policy demanded

    RFC 5280 §6.1.3 (d)(2): A goes on by anyPolicy; B was not expected.
    """
    return ok([A], [p(A)], [p(ANY, B)], [p(A)], initial_explicit_policy=True)


@scenario
def exponential_tree():
    """Root → 8 levels, each with A, B, C, D, each mapped to all four → Leaf (A), a policy demanded

    RFC 9618 §1: "the valid_policy_tree … can grow exponentially": 65,536 leaves there, four nodes a level in the graph.
    """
    every = ext.mappings(*((one, two) for one in (A, B, C, D) for two in (A, B, C, D)))
    return ok([A, B, C, D], *([[p(A, B, C, D), every]] * 8), [p(A)], initial_explicit_policy=True)


@scenario
def too_many_policies():
    """Root → Level 1 (66 policies, each mapped to the same 66) → Leaf

    No rule of RFC 5280; docs/validation.md bounds what a certificate may make of the policy graph.
    """
    kinds = [f"1.3.6.1.4.1.55738.9.{number}" for number in range(66)]
    pairs = ext.mappings(*((one, two) for one in kinds for two in kinds))
    leaf, anchors, pool = line([p(*kinds), pairs], [p(kinds[0])])
    return reject("too_complex", pool[0], leaf, anchors, pool)


@scenario
def twice_the_same():
    """Root → Leaf (A, A)

    RFC 5280 §4.2.1.4: "A certificate policy OID MUST NOT appear more than once in a certificate policies extension."
    """
    root = CA("Root")
    return reject("certificate_malformed", None, root.leaf(p(A, A)), [root.anchor])


@scenario
def no_policy_in_the_list():
    """Root → Leaf (certificatePolicies with an empty list)

    RFC 5280 §4.2.1.4: SEQUENCE SIZE (1..MAX) OF PolicyInformation.
    """
    root = CA("Root")
    return reject("certificate_malformed", None, root.leaf(p()), [root.anchor])


@scenario
def qualifiers():
    """Root → Leaf (A with a CPS pointer, critical), a policy demanded

    RFC 5280 §4.2.1.4: qualifiers "provide additional information"; they decide nothing.
    """
    root = CA("Root")
    pointer = der.sequence(der.sequence(der.oid("1.3.6.1.5.5.7.2.1"), der.tlv(0x16, b"http://cps.example.com/")))
    return accept(root.leaf(ext.policies(A, critical=True, qualifiers=pointer)), [root.anchor], policies=[A], initial_explicit_policy=True)


@scenario
def constraints_without_a_field():
    """Root → Level 1 (policyConstraints with neither field) → Leaf

    RFC 5280 §4.2.1.11: "Conforming CAs MUST NOT issue certificates where policy constraints is an empty sequence. … The behavior of clients
    that encounter an empty policy constraints field is not addressed in this profile." Here it does not parse, and is skipped.
    """
    leaf, anchors, pool = line([ext.policy_constraints()], [])
    return reject("issuer_unknown", leaf, leaf, anchors, pool)


@scenario
def two_ways_two_policies():
    """[Root] → One (A) → Issuing (A),  [Root] → Two (B) → Issuing (B);  Issuing → Leaf (A, B), B asked and demanded

    RFC 5280 §6.1.5 (g): the way by Two has it.
    """
    root, one, two, issuing = CA("Root"), CA("One"), CA("Two"), CA("Issuing")
    pool = [root.certify(one, p(A)), one.certify(issuing, p(A)), root.certify(two, p(B)), two.certify(issuing, p(B))]
    leaf = issuing.leaf(p(A, B))
    return accept(leaf, [root.anchor], pool, path=[leaf, pool[3], pool[2], root.anchor], policies=[B], initial_policy_set=[B],
                  initial_explicit_policy=True)


@scenario
def bridge_that_maps():
    """[Root 1] (domain A) → Bridge (A; A→C) → Root 2 (C; C→B) → Issuing (B) → Leaf (B), A asked and demanded

    RFC 5280 §4.2.1.5: "The pairing indicates the issuing CA considers its issuerDomainPolicy equivalent to the subject CA's
    subjectDomainPolicy."
    """
    leaf, anchors, pool = line([p(A), ext.mappings((A, C))], [p(C), ext.mappings((C, B))], [p(B)], [p(B)])
    return accept(leaf, anchors, pool, policies=[A], initial_policy_set=[A], initial_explicit_policy=True)
