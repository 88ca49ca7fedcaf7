MUTATIONS = []
def mutated(): pass
