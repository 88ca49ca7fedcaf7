#include "cldap.h"
