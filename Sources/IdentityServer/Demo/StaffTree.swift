/// The demo directory's people: four levels of units, staff at each, and groups that give roles.
enum StaffTree {
    static let base = "dc=demo,dc=example"
    /// What the server reads with; it may write nothing.
    static let reader = "cn=hallpass,\(base)"
    /// For whoever tries what happens when the directory changes (demo.json).
    static let manager = "cn=manager,\(base)"

    struct Unit {
        /// From the province down.
        let path: String
        let name: String
        var dn: String { path.split(separator: "/").reversed().map { "ou=\($0)," }.joined() + base }
    }
    struct Member {
        let uid: String
        let name: String
        let unit: String
        var dn: String { "uid=\(uid),\(Unit(path: unit, name: "").dn)" }
    }
    struct Group {
        let name: String
        let description: String
        let role: String?
        let members: [String]
        /// Names of groups inside this one.
        var nested: [String] = []
        var dn: String { "cn=\(name),cn=groups,\(base)" }
    }

    static let units = [
        Unit(path: "guangdong", name: "广东省"),
        Unit(path: "guangdong/guangzhou", name: "广州市"),
        Unit(path: "guangdong/guangzhou/tianhe", name: "天河区"),
        Unit(path: "guangdong/guangzhou/tianhe/shipai", name: "石牌街道"),
        Unit(path: "guangdong/guangzhou/yuexiu", name: "越秀区"),
        Unit(path: "guangdong/guangzhou/yuexiu/beijinglu", name: "北京街道"),
        Unit(path: "guangdong/shenzhen", name: "深圳市"),
        Unit(path: "guangdong/shenzhen/nanshan", name: "南山区"),
        Unit(path: "guangdong/shenzhen/nanshan/yuehai", name: "粤海街道"),
        Unit(path: "guangdong/foshan", name: "佛山市"),
        Unit(path: "guangdong/foshan/shunde", name: "顺德区"),
        Unit(path: "guangdong/foshan/shunde/daliang", name: "大良街道"),
    ]

    static let members = [
        Member(uid: "fang.guohua", name: "方国华", unit: "guangdong"),
        Member(uid: "luo.jing", name: "罗静", unit: "guangdong"),
        Member(uid: "deng.wei", name: "邓伟", unit: "guangdong"),
        Member(uid: "xie.yun", name: "谢芸", unit: "guangdong/guangzhou"),
        Member(uid: "feng.tao", name: "冯涛", unit: "guangdong/guangzhou"),
        Member(uid: "guan.yue", name: "关悦", unit: "guangdong/guangzhou/tianhe"),
        Member(uid: "mai.zhiqiang", name: "麦志强", unit: "guangdong/guangzhou/tianhe"),
        Member(uid: "kuang.min", name: "邝敏", unit: "guangdong/guangzhou/tianhe/shipai"),
        Member(uid: "lu.haifeng", name: "卢海峰", unit: "guangdong/guangzhou/tianhe/shipai"),
        Member(uid: "pan.xin", name: "潘欣", unit: "guangdong/guangzhou/yuexiu"),
        Member(uid: "su.jian", name: "苏健", unit: "guangdong/guangzhou/yuexiu"),
        Member(uid: "tan.li", name: "谭丽", unit: "guangdong/guangzhou/yuexiu/beijinglu"),
        Member(uid: "ye.zhong", name: "叶忠", unit: "guangdong/guangzhou/yuexiu/beijinglu"),
        Member(uid: "jiang.bo", name: "江波", unit: "guangdong/shenzhen"),
        Member(uid: "cai.ting", name: "蔡婷", unit: "guangdong/shenzhen"),
        Member(uid: "zeng.rong", name: "曾蓉", unit: "guangdong/shenzhen/nanshan"),
        Member(uid: "peng.fei", name: "彭飞", unit: "guangdong/shenzhen/nanshan"),
        Member(uid: "yuan.shan", name: "袁珊", unit: "guangdong/shenzhen/nanshan/yuehai"),
        Member(uid: "du.kai", name: "杜凯", unit: "guangdong/shenzhen/nanshan/yuehai"),
        Member(uid: "long.yi", name: "龙毅", unit: "guangdong/foshan"),
        Member(uid: "wan.qing", name: "万清", unit: "guangdong/foshan"),
        Member(uid: "qiu.hong", name: "邱虹", unit: "guangdong/foshan/shunde"),
        Member(uid: "shi.lei", name: "石磊", unit: "guangdong/foshan/shunde"),
        Member(uid: "bai.xue", name: "白雪", unit: "guangdong/foshan/shunde/daliang"),
        Member(uid: "tian.ye", name: "田野", unit: "guangdong/foshan/shunde/daliang"),
    ]

    /// `tianhe-clerks` is in `clerks`: its people are clerks without being listed there.
    static let groups = [
        Group(name: "administrators", description: "平台管理员", role: "administrator", members: ["fang.guohua"]),
        Group(
            name: "clerks", description: "窗口办事员", role: "clerk", members: ["tan.li", "ye.zhong", "yuan.shan", "du.kai", "bai.xue"],
            nested: ["tianhe-clerks"]),
        Group(name: "tianhe-clerks", description: "天河区窗口办事员", role: nil, members: ["kuang.min", "lu.haifeng", "mai.zhiqiang"]),
        Group(name: "archivists", description: "档案管理员", role: "archivist", members: ["luo.jing", "xie.yun", "cai.ting", "kuang.min"]),
        Group(name: "supervisors", description: "督办员", role: "supervisor", members: ["deng.wei", "feng.tao", "jiang.bo", "long.yi"]),
    ]

    static let administrator = "fang.guohua"

    /// Group DN to role, for the server's configuration.
    static var roles: [String: String] {
        Dictionary(uniqueKeysWithValues: groups.compactMap { group in group.role.map { (group.dn, $0) } })
    }
}
